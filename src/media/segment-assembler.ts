import type { Bytes } from '../core/bytes.ts';
import { BLOCK_LENGTH, TAG_LENGTH } from '../core/crypto/gcm.ts';
import type { LedgerPiece } from '../vault/ledger-rows.ts';
import type { ReaderDemand } from './reader-demand.ts';
import type { ReaderState } from './reader-state.ts';

/** Ciphertext that may be released, from a block boundary. */
export interface Piece {
	readonly start: number;
	readonly bytes: Bytes;
}

/** Makes segments of what has come, counts them, and releases pieces of the one in hand. */
export interface SegmentAssembler {
	/** offset of the next byte to take from the queue */
	readonly position: number;
	/** offset of the oldest byte that is still here */
	readonly oldest: number;
	/** Works until the reader has ended. */
	assemble(): Promise<void>;
	/** Ciphertext from the block of `offset` that may be released now; undefined if there is none yet. */
	peek(offset: number): Piece | undefined;
	/** The first bytes of the file as they arrived, not yet counted: for the magic bytes only. */
	head(): Bytes | undefined;
}

interface Current {
	index: number;
	/** where in the segment this reader came in; 0 unless the stream began in the middle */
	from: number;
	filled: number;
	/** end of what may be released */
	counted: number;
	/** GHASH of the bytes from `from` to `counted` */
	ghash: Uint8Array;
	bytes: Bytes;
	/** what has been written down as released */
	noted: LedgerPiece | undefined;
	/** nothing more of it is released before all of it is here and compared */
	holds: boolean;
}

export function makeSegmentAssembler(state: ReaderState, demand: ReaderDemand): SegmentAssembler {
	const { queue, changed, work, demanded, context } = state;
	const { cipher, limits, file, emit, commit } = context;
	let current = begin(state.start);
	/** the segment before, until the next one is whole */
	let last: { index: number; from: number; bytes: Bytes } | undefined;

	function begin(at: number): Current {
		const index = Math.floor(at / limits.segment);
		const from = at - index * limits.segment;
		return {
			index,
			from,
			filled: from,
			counted: from,
			ghash: new Uint8Array(BLOCK_LENGTH),
			bytes: new Uint8Array(segmentLength(index) ?? limits.segment),
			noted: undefined,
			holds: file.holds(index),
		};
	}

	function segmentLength(index: number): number | undefined {
		if (file.size === undefined) return undefined;
		return Math.max(0, Math.min(limits.segment, file.size - index * limits.segment));
	}

	async function assemble(): Promise<void> {
		while (!state.ended) {
			if (state.restartAt !== undefined) {
				current = begin(state.restartAt);
				last = undefined;
			}
			state.restartAt = undefined;
			// The buffer was made before the size was known.
			const length = segmentLength(current.index) ?? limits.segment;
			if (current.bytes.length > length) current.bytes = current.bytes.subarray(0, length);
			const moved = fill();
			const atEnd = file.size !== undefined && offsetOf(current) >= file.size;
			if (current.filled > 0 && current.filled === current.bytes.length) await finishSegment();
			else if (atEnd && state.complete) {
				const tag = new Uint8Array(TAG_LENGTH);
				queue.moveTo(tag);
				await commit({ kind: 'tag', tag });
				return state.stop();
			} else if (isDue()) await releasePiece();
			else if (!moved && state.restartAt === undefined) await work.wait();
		}
	}

	function fill(): boolean {
		// The last 16 bytes that came may be the tag, whatever size was announced.
		const room = Math.min(current.bytes.length - current.filled, queue.length - TAG_LENGTH);
		if (room <= 0) return false;
		current.filled += queue.moveTo(current.bytes.subarray(current.filled, current.filled + room));
		demanded.notify();
		emit({ kind: 'progress' });
		changed.notify();
		return true;
	}

	/** Whether someone waits for bytes of this segment that have come and are worth a piece. */
	function isDue(): boolean {
		const ready = wholeBlocks() - current.counted;
		if (ready <= 0 || file.size === undefined || !demand.reading) return false;
		const base = current.index * limits.segment;
		if (demand.due <= base + current.counted) return false;
		const first = current.counted === current.from && base + current.from === state.start;
		return (first || ready >= limits.piece) && !current.holds;
	}

	function wholeBlocks(): number {
		return current.filled - (current.filled % BLOCK_LENGTH);
	}

	async function releasePiece(): Promise<void> {
		const segment = current;
		const { index, from, noted } = segment;
		const end = wholeBlocks();
		const added = await cipher.ghash(segment.bytes.subarray(segment.counted, end));
		const ghash = cipher.join(segment.ghash, added, end - segment.counted);
		const piece = { start: from, length: end - from, ghash };
		if (!(await commit({ kind: 'release', index, piece, before: noted }))) {
			if (from > 0) return state.stop();
			segment.holds = true;
			return;
		}
		segment.noted = piece;
		segment.ghash = ghash;
		segment.counted = end;
		changed.notify();
	}

	async function finishSegment(): Promise<void> {
		const { index, from, counted, ghash, bytes, noted } = current;
		const rest = await cipher.ghash(bytes.subarray(counted));
		const whole = cipher.join(ghash, rest, bytes.length - counted);
		// A stream that came in the middle leaves only the note of what it released: the whole is fetched later.
		const own = { start: from, length: counted - from, ghash: ghash as Bytes };
		if (from === 0) await commit({ kind: 'segment', index, bytes, ghash: whole, own });
		else {
			const piece = { start: from, length: bytes.length - from, ghash: whole };
			if (!(await commit({ kind: 'release', index, piece, before: noted }))) return state.stop();
			emit({ kind: 'part', index, from, bytes });
		}
		last = { index, from, bytes };
		current = begin((index + 1) * limits.segment);
		emit({ kind: 'progress' });
		changed.notify();
		if (file.has(current.index)) state.stop();
	}

	function offsetOf({ index, filled }: Current): number {
		return index * limits.segment + filled;
	}

	return {
		assemble,
		get position() {
			return offsetOf(current);
		},
		get oldest() {
			const { index, from } = last ?? current;
			return index * limits.segment + from;
		},
		peek(at) {
			const index = Math.floor(at / limits.segment);
			for (const part of [
				{ ...current, end: current.counted },
				last && { ...last, end: last.bytes.length },
			]) {
				if (part === undefined || part.index !== index) continue;
				const within = at - index * limits.segment;
				const start = within - (within % BLOCK_LENGTH);
				if (start >= part.from && within < part.end)
					return {
						start: index * limits.segment + start,
						bytes: part.bytes.subarray(start, part.end),
					};
			}
			return undefined;
		},
		head() {
			if (current.index > 0 && last?.index === 0) return last.bytes;
			if (current.index !== 0 || current.from !== 0) return undefined;
			return current.bytes.subarray(0, current.filled);
		},
	};
}
