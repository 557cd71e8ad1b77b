// Apple, "ISO Base Media File Format and Apple HEVC Stereo Video" 0.9; Google, "Spherical Video V2 RFC"

import type { Bytes } from '../../bytes.ts';
import { type Box, blankBox, boxesIn } from './movie-box.ts';

/** In an entry of an stsd: two pictures, how wide, and what of a sphere. */
const IN_ENTRY = ['vexu', 'hfov', 'st3d', 'sv3d'];
const LISTS = ['vexu', 'eyes', 'cams', 'cmfy', 'pack', 'proj', 'sv3d'];
/** Bytes of content; what is longer says something else. */
const LENGTHS: Record<string, number> = {
	...{ hfov: 4, stri: 5, hero: 5, blin: 8, dadj: 8, prji: 8, pkin: 8 },
	...{ st3d: 5, prhd: 16, cbmp: 12, equi: 20 },
};
/** Boxes that are needed, as long as they are. */
const WHOLE = ['must', 'mshp'];
/** The name of the tool that made it, behind version and flags. */
const SOURCE = 'svhd';

export function isSpatial({ type }: Box): boolean {
	return IN_ENTRY.includes(type);
}

/** Blanks in place what one of them says beyond that; throws `FileRefused` where boxes do not fit. */
export function scrubSpatial(bytes: Bytes, box: Box): void {
	const { type, body, end } = box;
	const length = LENGTHS[type] ?? 0;
	if (LISTS.includes(type)) {
		let last = body;
		for (const child of boxesIn(bytes, body, end)) {
			scrubSpatial(bytes, child);
			last = child.end;
		}
		bytes.fill(0, last, end);
	} else if (type === SOURCE) bytes.fill(0, body + 4, end);
	else if (length > 0 && end - body >= length) bytes.fill(0, body + length, end);
	else if (!WHOLE.includes(type)) blankBox(bytes, box);
}
