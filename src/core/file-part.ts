import type { Bytes } from './bytes.ts';

/** Part of a file made from another: new bytes, or a range of the original (`end` is exclusive). */
export type FilePart = Bytes | { readonly start: number; readonly end: number };
