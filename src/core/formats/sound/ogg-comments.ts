// RFC 7845 section 5, xiph.org: vorbis/doc/Vorbis_I_spec.html and v-comment.html, doc/Theora.pdf, flac/ogg_mapping.html, speex

/** How a stream in Ogg begins, and where its headers have words. */
interface OggCodec {
	readonly first: string;
	/** packets before the first of sound or pictures; of FLAC the last one says so */
	readonly headers: number;
	/** Takes the words out of a header but the first, in place; true if it is the last. */
	blank(header: Uint8Array): boolean;
}

const starts = (packet: Uint8Array, text: string) =>
	String.fromCharCode(...packet.subarray(0, text.length)) === text;

/** A header that begins so is of no vendor and no comments then: zeros, and a bit that ends it where its kind has that. */
function commented(first: string, headers: number, magic: string, isFramed = false): OggCodec {
	const lengths = magic.length + 8;
	const blank = (header: Uint8Array) => {
		if (!starts(header, magic)) return false;
		header.fill(0, magic.length);
		if (isFramed) header[lengths] = 1;
		return false;
	};
	return { first, headers, blank };
}

const LAST_BLOCK = 0x80;
const PADDING = 1;
const COMMENTS = 4;
/** The stream's description is in the first packet, and a table of places says nothing. */
const KEPT_BLOCKS = [0, 3];

function blankBlock(block: Uint8Array): boolean {
	const [kind = 0] = block;
	const type = kind & ~LAST_BLOCK;
	if (!KEPT_BLOCKS.includes(type)) {
		block.fill(0, 4);
		if (type !== COMMENTS) block[0] = (kind & LAST_BLOCK) | PADDING;
	}
	return kind >= LAST_BLOCK;
}

const CODECS: readonly OggCodec[] = [
	commented('OpusHead', 2, 'OpusTags'),
	commented('\x01vorbis', 3, '\x03vorbis', true),
	commented('\x80theora', 3, '\x81theora'),
	commented('Speex   ', 2, ''),
	{ first: '\x7fFLAC', headers: Number.POSITIVE_INFINITY, blank: blankBlock },
];

/** Of other streams (subtitles, indexes) it is not known what they tell. */
function oggCodecOf(packet: Uint8Array): OggCodec | undefined {
	return CODECS.find(({ first }) => starts(packet, first));
}

/**
 * Takes the words out of the headers of one stream: `add` gets the segments of its pages one after the other, whose bytes change
 * in place, until all headers were there.
 */
export function makeHeaderCleaner() {
	let codec: OggCodec | undefined;
	let packets = 0;
	let isDone = false;
	let pieces: Uint8Array[] = [];

	function finish(): boolean {
		const packet = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
		let at = 0;
		for (const piece of pieces) {
			packet.set(piece, at);
			at += piece.length;
		}
		packets += 1;
		if (packets === 1) codec = oggCodecOf(packet);
		if (codec === undefined) return false;
		const isLast = packets > 1 && codec.blank(packet);
		isDone = isLast || packets >= codec.headers;
		at = 0;
		for (const piece of pieces) {
			piece.set(packet.subarray(at, at + piece.length));
			at += piece.length;
		}
		pieces = [];
		return true;
	}

	return {
		get isDone() {
			return isDone;
		},
		/** false for a stream of another kind. */
		add(segment: Uint8Array): boolean {
			if (isDone) return true;
			pieces.push(segment);
			return segment.length === 255 || finish();
		},
	};
}
