import type { Bytes } from '../bytes.ts';

/** Part of a file made from another: new bytes, or a range of the original (`end` is exclusive). */
export type FilePart = Bytes | { readonly start: number; readonly end: number };

/** A file that is never read whole; `read` gives exactly the bytes asked for, which may then be written to. */
export interface ReadableFile {
	readonly size: number;
	read(start: number, end: number): Promise<Bytes>;
}
