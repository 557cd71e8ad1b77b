import type { FilePart } from './file-part.ts';
import { refuse } from './file-refused.ts';

/** A blob of more parts takes longer to make than anybody waits (10 000: 3 s in Chromium). */
const MAX_PARTS = 2 ** 15;
/** Zeros in place of what goes, where the rest must not move. */
const MAX_ZEROS = 256 * 2 ** 20;
const ZEROS = new Uint8Array(64 * 1024);

/** Gathers the parts of a file in their order; throws `FileRefused` for too many. */
export function makePartList() {
	const list: FilePart[] = [];
	let left = MAX_ZEROS;
	const add = (part: FilePart) => {
		if (list.push(part) > MAX_PARTS) refuse();
	};
	return {
		list,
		add,
		zeros(length: number): void {
			left -= length;
			if (left < 0) refuse();
			for (let rest = length; rest > 0; rest -= ZEROS.length)
				add(ZEROS.subarray(0, Math.min(rest, ZEROS.length)));
		},
		keep(start: number, end: number): void {
			const last = list.at(-1);
			if (end === start) return;
			if (last && 'start' in last && last.end === start)
				list[list.length - 1] = { start: last.start, end };
			else add({ start, end });
		},
	};
}
