import { isSvg } from './is-svg.ts';
import { pictureLabel } from './pictures/picture-label.ts';

/**
 * First bytes of movies, sounds and pictures that are not shown, with ? for any byte, and what it is.
 * https://www.loc.gov/preservation/digital/formats/fdd/descriptions.shtml
 */
const LABELS: readonly (readonly [magic: string, label: string])[] = [
	['RIFF????AVI ', 'AVI video'],
	['RF64????WAVE', 'WAV audio'],
	['RIFX????WAVE', 'WAV audio'],
	['riff\x2e\x91\xcf\x11', 'WAV audio'],
	['FORM????AIFF', 'AIFF audio'],
	['FORM????AIFC', 'AIFF audio'],
	['caff\0\x01', 'CAF audio'],
	['.snd\0\0', 'AU audio'],
	['\x30\x26\xb2\x75\x8e\x66\xcf\x11', 'Windows Media video'],
	['FLV\x01', 'Flash video'],
	['.RMF\0', 'RealMedia video'],
	['\0\0\x01\xba', 'MPEG video'],
	['\0\0\x01\xb3', 'MPEG video'],
	['\x06\x0e\x2b\x34\x02\x05', 'MXF video'],
	['MAC ?\x0f', 'APE audio'],
	['APETAGEX', 'APE audio'],
	['wvpk', 'WavPack audio'],
	['MPCK', 'Musepack audio'],
	['MP+\x07', 'Musepack audio'],
	['MP+\x17', 'Musepack audio'],
	['FRM8????????DSD ', 'DSD audio'],
	['IIII?waR', 'Camera raw image'],
	['MMMMRaw', 'Camera raw image'],
	['????RED1', 'RED video'],
	['????RED2', 'RED video'],
	['TTA1', 'TTA audio'],
	['DSD \x1c\0', 'DSD audio'],
	// Pieces of a stream, without the index that would tell what they are of.
	['\0???styp', 'Part of a video'],
	['\0???moof', 'Part of a video'],
	['\0???sidx', 'Part of a video'],
	['\0???emsg', 'Part of a video'],
	['\0???prft', 'Part of a video'],
];
/** Bytes that are looked at: four packets. */
const GLANCE = 4 * 192;
/** Packets that begin with a G; those of cameras have a time of four bytes before (ISO/IEC 13818-1, AVCHD). */
const PACKETS: readonly (readonly [first: number, length: number])[] = [
	[0, 188],
	[4, 192],
];

/** Names the format of a movie, sound or picture that cannot be shown, for its sender; undefined for an unknown one. */
export function mediaLabel(head: Uint8Array): string | undefined {
	const whole = Array.from(head, (byte) => String.fromCharCode(byte)).join('');
	if (isSvg(whole)) return 'SVG image';
	const text = whole.slice(0, GLANCE);
	const picture = pictureLabel(text);
	if (picture !== undefined) return picture;
	const begins = (magic: string) =>
		Array.from(magic).every((letter, at) => letter === '?' || letter === text[at]);
	const label = LABELS.find(([magic]) => begins(magic))?.[1];
	return label ?? (isTransportStream(text) ? 'MPEG video' : undefined);
}

/** No text has four G at such distances, and a zero. */
function isTransportStream(text: string): boolean {
	return PACKETS.some(
		([first, length]) =>
			[0, 1, 2, 3].every((packet) => text[first + packet * length] === 'G') &&
			text.slice(0, 4 * length).includes('\0'),
	);
}
