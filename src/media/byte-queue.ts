import type { Bytes } from '../core/bytes.ts';

/** Bytes that came in chunks and go out in runs. */
export interface ByteQueue {
	readonly length: number;
	push(chunk: Bytes): void;
	/** Moves up to `target.length` bytes out; how many. */
	moveTo(target: Uint8Array): number;
	clear(): void;
}

export function createByteQueue(): ByteQueue {
	let chunks: Bytes[] = [];
	/** bytes of the first chunk that have been moved out */
	let taken = 0;
	let length = 0;
	return {
		get length() {
			return length;
		},
		push(chunk) {
			chunks.push(chunk);
			length += chunk.length;
		},
		moveTo(target) {
			let moved = 0;
			while (moved < target.length) {
				const first = chunks[0];
				if (first === undefined) break;
				const part = first.subarray(taken, taken + target.length - moved);
				target.set(part, moved);
				moved += part.length;
				taken += part.length;
				if (taken < first.length) break;
				taken = 0;
				chunks.shift();
			}
			length -= moved;
			return moved;
		},
		clear() {
			chunks = [];
			taken = 0;
			length = 0;
		},
	};
}
