import { refuse } from '../file-refused.ts';
import type { Box } from './movie-box.ts';

/** A range of the file, `end` exclusive. */
export interface Extent {
	readonly start: number;
	readonly end: number;
}
export type AddExtent = (start: number, end: number) => void;

const MAX_EXTENTS = 2 ** 22;

/** Gathers ranges in any order, overlapping or not. */
export function makeExtents() {
	const starts: number[] = [];
	const ends: number[] = [];
	return {
		add(start: number, end: number): void {
			if (starts.length === MAX_EXTENTS) refuse();
			if (start === end) return;
			starts.push(start);
			ends.push(end);
		},
		/**
		 * The same bytes in as few ranges as can be, in order. Throws `FileRefused` where one leaves the content of the `mdat`
		 * boxes among those given in order, and where there is none.
		 */
		within(boxes: readonly Box[]): Extent[] {
			const merged = merge(Float64Array.from(starts).sort(), Float64Array.from(ends).sort());
			const media = boxes.filter(({ type }) => type === 'mdat');
			let box = 0;
			for (const { start, end } of merged) {
				while (start >= (media[box]?.end ?? Number.POSITIVE_INFINITY)) box += 1;
				const { body, end: last } = media[box] ?? refuse();
				if (start < body || end > last) refuse();
			}
			return merged.length === 0 ? refuse() : merged;
		},
	};
}

/** Which of the ranges in order the offset lies in or behind; -1 before the first. */
export function rankOf(ranges: readonly Extent[], offset: number): number {
	let low = 0;
	let high = ranges.length;
	while (low < high) {
		const middle = (low + high) >> 1;
		if ((ranges[middle]?.start ?? 0) <= offset) low = middle + 1;
		else high = middle;
	}
	return low - 1;
}

function merge(starts: Float64Array, ends: Float64Array): Extent[] {
	const merged: Extent[] = [];
	let [start] = starts;
	for (let i = 1; start !== undefined && i <= starts.length; i++) {
		// Both are sorted: the first i ranges leave a gap before the next one just if the i-th end lies before its start.
		const end = ends[i - 1] ?? 0;
		const next = starts[i];
		if (next !== undefined && next <= end) continue;
		merged.push({ start, end });
		start = next;
	}
	return merged;
}
