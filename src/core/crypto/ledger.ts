import { type Bytes, equalBytes } from '../bytes.ts';
import { MediaError } from '../errors.ts';
import { BLOCK_LENGTH, MAX_PLAINTEXT, type SegmentCipher } from './gcm.ts';

/**
 * Counts a file: the GHASH of each of its segments, in any order, write-once.
 * With all of them it knows the tag that the whole file must have (SP 800-38D section 7.2).
 */
export interface Ledger {
	readonly size: number;
	readonly segmentSize: number;
	readonly segments: number;
	/** bytes of plaintext in counted segments */
	readonly counted: number;
	readonly complete: boolean;
	get(index: number): Uint8Array | undefined;
	/** Bytes of plaintext in a segment: `segmentSize`, or less in the last one. */
	lengthOf(index: number): number;
	/** Throws MediaError `tampered` if the segment already has another value. */
	add(index: number, partial: Uint8Array): void;
	/** The expected tag, 16 bytes. Throws RangeError before the ledger is complete. */
	tag(): Uint8Array;
}

/** An empty ledger for `size` bytes of plaintext in segments of `segmentSize`, a multiple of 16. */
export function createLedger({
	cipher,
	size,
	segmentSize,
}: {
	cipher: Pick<SegmentCipher, 'join' | 'tag'>;
	size: number;
	segmentSize: number;
}): Ledger {
	if (!Number.isSafeInteger(size) || size < 0) throw new RangeError('size');
	if (size > MAX_PLAINTEXT) throw new MediaError('too-large');
	if (!Number.isSafeInteger(segmentSize) || segmentSize <= 0 || segmentSize % BLOCK_LENGTH !== 0)
		throw new RangeError('segmentSize');
	const segments = Math.ceil(size / segmentSize);
	const partials = new Map<number, Bytes>();
	let counted = 0;

	const lengthOf = (index: number): number => {
		if (!Number.isSafeInteger(index) || index < 0 || index >= segments)
			throw new RangeError('no such segment');
		return Math.min(segmentSize, size - index * segmentSize);
	};

	return {
		size,
		segmentSize,
		segments,
		lengthOf,
		get counted() {
			return counted;
		},
		get complete() {
			return partials.size === segments;
		},
		get: (index) => partials.get(index),
		add(index, partial) {
			const length = lengthOf(index);
			if (partial.length !== BLOCK_LENGTH) throw new RangeError('a GHASH value has 16 bytes');
			const before = partials.get(index);
			if (before !== undefined) {
				if (!equalBytes(before, partial)) throw new MediaError('tampered');
				return;
			}
			partials.set(index, Uint8Array.from(partial));
			counted += length;
		},
		tag() {
			let y: Uint8Array = new Uint8Array(BLOCK_LENGTH);
			for (let index = 0; index < segments; index++) {
				const partial = partials.get(index);
				if (partial === undefined) throw new RangeError('the ledger is not complete');
				y = cipher.join(y, partial, lengthOf(index));
			}
			return cipher.tag(y, size);
		},
	};
}
