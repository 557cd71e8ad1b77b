import type { Bytes } from '../core/bytes.ts';
import type { SegmentCipher } from '../core/crypto/gcm.ts';
import type { LedgerPiece } from '../vault/ledger-rows.ts';
import type { Limits } from './limits.ts';
import type { Upstream } from './upstream.ts';

/** The file as its readers see it; it changes while they run. */
export interface FileView {
	/** bytes of plaintext, once known */
	readonly size: number | undefined;
	/** its own table says how long it is: what a server says of that is of no matter */
	readonly isTagged: boolean;
	/** the most bytes of the file that are taken, the tag included */
	readonly most: number;
	/** nobody has asked for the file: no more of it is asked for at once than is needed soon */
	readonly unasked: boolean;
	/** whether the server is known to answer ranges that end before the file does */
	readonly bounded: boolean;
	/** Whether no byte of a segment may be released before all of it is here and compared. */
	holds(index: number): boolean;
	/** Whether a reader may stop before a segment, because it is here already. */
	has(index: number): boolean;
}

/** A reader found something out. It goes on when the event has been handled; an error that is thrown ends it. */
export type ReaderEvent =
	/** an answer to a request from `asked` on: its size, its ETag, and whether the server seeks */
	| { readonly kind: 'answered'; readonly upstream: Upstream; readonly asked: number }
	/** the end of a file whose size was unknown; `total` counts the tag */
	| { readonly kind: 'ended'; readonly total: number }
	/** the end came before it was announced; only the tag can tell whether that is so */
	| { readonly kind: 'ended-early'; readonly total: number }
	/** another length came than was announced: no announcement is believed any more */
	| { readonly kind: 'misannounced' }
	/** the end of a segment that the reader came into in the middle, all of it released; `from` is within the segment */
	| { readonly kind: 'part'; readonly index: number; readonly from: number; readonly bytes: Bytes }
	/** something changed that a person may see */
	| { readonly kind: 'progress' };

/** Something that is written down before the reader goes on. */
export type ReaderCommit =
	/**
	 * a piece that is about to be released, in the place of a shorter one of this reader, `before`; refused if somebody
	 * else has released or counted something of the segment
	 */
	| {
			readonly kind: 'release';
			readonly index: number;
			readonly piece: LedgerPiece;
			readonly before: LedgerPiece | undefined;
	  }
	/** a whole segment, of which the reader itself has released `own` */
	| {
			readonly kind: 'segment';
			readonly index: number;
			readonly bytes: Bytes;
			readonly ghash: Bytes;
			readonly own: LedgerPiece;
	  }
	/** the file's last 16 bytes */
	| { readonly kind: 'tag'; readonly tag: Bytes };

/** Everything that the readers of one file share. */
export interface ReaderContext {
	readonly cipher: SegmentCipher;
	readonly limits: Limits;
	readonly file: FileView;
	/** Asks for the file from `offset` to `end` (exclusive), or to its end. */
	open(offset: number, end?: number): Promise<Upstream>;
	/** Throws MediaError `changed`, `too-short` or `tampered`. */
	emit(event: ReaderEvent): void;
	/** Resolves to false if it was refused. Throws MediaError `tampered`. */
	commit(commit: ReaderCommit): Promise<boolean>;
}
