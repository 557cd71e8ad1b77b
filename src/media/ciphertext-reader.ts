import type { Bytes } from '../core/bytes.ts';
import { BLOCK_LENGTH, type SegmentCipher, TAG_LENGTH } from '../core/crypto/gcm.ts';
import { asMediaError, MediaError } from '../core/errors.ts';
import type { LedgerPiece } from '../vault/ledger-rows.ts';
import { abortable } from './abortable.ts';
import { createByteQueue } from './byte-queue.ts';
import type { Limits } from './limits.ts';
import { createSignal } from './signal.ts';
import type { Upstream } from './upstream.ts';
import { isPassing } from './upstream-refusal.ts';

/** What a feed tells its session, and asks of it. */
export interface FeedOwner {
	readonly cipher: SegmentCipher;
	readonly limits: Limits;
	/** bytes of plaintext, once known */
	readonly size: number | undefined;
	/** Asks for the file from `offset` to `end` (exclusive), or to its end. */
	open(offset: number, end?: number): Promise<Upstream>;
	/** the most bytes of the file that are taken, the tag included; what is beyond is `tooLarge` */
	readonly most: number;
	tooLarge(): MediaError;
	/** nobody has asked for the file: no more of it is asked for at once than is needed soon */
	readonly unasked: boolean;
	/** whether the server is known to answer ranges that end before the file does */
	readonly bounded: boolean;
	/** An answer came: learns size, ETag and whether the server seeks. Throws MediaError `changed`. */
	learn(upstream: Upstream, asked: number): void;
	/** The end of a file whose size was unknown; `total` counts the tag. Throws MediaError `too-short`. */
	learnTotal(total: number): void;
	/** Another length came than was announced: no announcement is believed any more. The error is `changed`. */
	misannounced(): MediaError;
	/**
	 * The end came before it was announced; `total` counts the tag, and only the tag can tell whether that is so. Throws
	 * MediaError `changed` if more is known of the file.
	 */
	learnEnd(total: number): void;
	/** Whether no byte of a segment may be released before all of it is here and compared. */
	holds(index: number): boolean;
	/**
	 * Writes down a piece that is about to be released, in the place of a shorter one of this feed, `before`; false if it
	 * must not be, because somebody else has released or counted something of the segment.
	 */
	release(index: number, piece: LedgerPiece, before?: LedgerPiece): Promise<boolean>;
	/** Counts a whole segment, of which the feed itself has released `own`, and keeps it. Throws MediaError `tampered`. */
	count(index: number, bytes: Bytes, ghash: Bytes, own: LedgerPiece): Promise<void>;
	/** The end of a segment that the feed came into in the middle, all of it released. */
	keepPart(index: number, from: number, bytes: Bytes): void;
	/** The file's last 16 bytes. Throws MediaError `tampered`. */
	seal(tag: Bytes): Promise<void>;
	/** Whether the feed may stop before a segment, because it is here already. */
	has(index: number): boolean;
	/** Something changed that a person may see. */
	progress(): void;
}

/**
 * Why somebody waits: to `read` the bytes, as soon as they may be released; to `load` them, which releases nothing; or
 * to `look` at what they are, without reading on: that may take long and makes no reader of the feed.
 */
export type Purpose = 'read' | 'load' | 'look';

/** One open stream of ciphertext that moves forward as far as somebody wants. */
export interface Feed {
	/** offset of the next byte to arrive */
	readonly position: number;
	readonly ended: boolean;
	/** why it ended, if not well */
	readonly error: MediaError | undefined;
	readonly waiting: number;
	/** every reader that waited for it has gone away */
	readonly abandoned: boolean;
	/** resolves once it has ended and writes nothing down any more */
	readonly settled: Promise<void>;
	/** Whether a reader at `offset` within `near` bytes ahead should wait for this feed. */
	leadsTo(offset: number, near: number): boolean;
	/** Ciphertext from the block of `offset` that may be released now; undefined if there is none yet. */
	peek(offset: number): { start: number; bytes: Bytes } | undefined;
	/** The first bytes of the file as they arrived, not yet counted: for the magic bytes only. */
	head(): Bytes | undefined;
	/** Gives its answer up if nobody waits; the next to wait gets another. */
	rest(): void;
	/**
	 * Wants everything up to and including `offset`, and waits for the next change. Throws MediaError `cancelled`.
	 */
	advance(offset: number, purpose: Purpose, signal?: AbortSignal): Promise<void>;
	close(): void;
}

interface Current {
	index: number;
	/** where in the segment this feed came in; 0 unless the stream began in the middle */
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

/** Starts a stream at `offset`, a block boundary. */
export function createFeed(owner: FeedOwner, offset: number): Feed {
	const { limits, cipher } = owner;
	const changed = createSignal();
	const work = createSignal();
	const demand = createSignal();
	const queue = createByteQueue();
	let upstream: Upstream | undefined;
	/** an answer that was given up to leave the line to another feed */
	let rested: Upstream | undefined;
	/** nothing is read ahead until somebody waits again */
	let resting = false;
	let received = offset;
	let wanted = offset;
	/** the same, by those who read */
	let due = offset;
	/** all of the file has come, and nothing came behind it */
	let complete = false;
	let ended = false;
	let error: MediaError | undefined;
	let waiting = 0;
	/** those of them who want bytes released */
	let reading = 0;
	/** those of them who are readers only as long as they wait */
	let passing = 0;
	const readers = new Set<AbortSignal>();
	let lingering: ReturnType<typeof setTimeout> | undefined;
	let restartAt: number | undefined;
	let current = begin(offset);
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
			holds: owner.holds(index),
		};
	}

	function segmentLength(index: number): number | undefined {
		if (owner.size === undefined) return undefined;
		return Math.max(0, Math.min(limits.segment, owner.size - index * limits.segment));
	}

	function stop(reason?: unknown): void {
		if (ended) return;
		ended = true;
		error = reason === undefined ? undefined : asMediaError(reason);
		upstream?.cancel();
		queue.clear();
		clearTimeout(lingering);
		for (const signal of [changed, work, demand]) signal.notify();
	}

	async function receive(): Promise<void> {
		let failures = 0;
		/** the furthest that was reached: a server that begins anew each time gets nowhere */
		let reached = received;
		let span = firstSpan();
		while (!ended) {
			try {
				if (received > offset) await wanting();
				if (ended) return;
				const answer = await owner.open(received, rangeEnd(span));
				upstream = answer;
				if (ended) return answer.cancel();
				owner.learn(answer, received);
				// Who waits may have waited for the size alone.
				changed.notify();
				if (answer.start !== received) restart(answer.start);
				const isPart = await drain(answer);
				if (ended) return;
				if (isPart) {
					if (received > reached) failures = 0;
					reached = Math.max(reached, received);
					answer.cancel();
					span = owner.unasked ? firstSpan() : Math.min(2 * span, limits.range);
					continue;
				}
				if (owner.size === undefined) owner.learnTotal(received);
				if (isWhole()) return;
				// A body that is cut fails. One that ends in peace was never as long as the header says, such as one that is zipped.
				if (answer.announced === undefined || received >= answer.announced)
					throw new MediaError('network');
				owner.learnEnd(received);
				isWhole();
				return;
			} catch (thrown) {
				if (!ended && isWhole()) return;
				const failure = asMediaError(thrown);
				const wait = (failure.detail.retryAfter ?? 0) * 1000;
				if (received - reached >= limits.gain) failures = 0;
				reached = Math.max(reached, received);
				if (ended || !isPassing(failure) || failures >= limits.retries || wait > limits.patience)
					return stop(failure);
				await pause(Math.max(wait, limits.backoff * 2 ** failures));
				failures += 1;
			}
		}
	}

	/** Whether all has come; then what waits for the end goes on. */
	function isWhole(): boolean {
		complete = owner.size !== undefined && received === owner.size + TAG_LENGTH;
		if (complete) work.notify();
		changed.notify();
		return complete;
	}

	/** Reads an answer to its end; true if there is more to ask for. */
	async function drain(answer: Upstream): Promise<boolean> {
		const from = received;
		for (;;) {
			const canPart = answer.end === undefined && answer.ranged && rangeEnd(1) !== undefined;
			// What goes on to the end of a long file would pile up in the engine, faster than it is read.
			if (canPart && received - from >= firstSpan()) return true;
			if (!(await wanting(canPart ? limits.pause : undefined))) return true;
			if (ended) return false;
			const chunk = await answer.read().catch((thrown: unknown) => {
				if (answer === rested) return undefined;
				throw thrown;
			});
			// First: a stream that was cancelled ends like one that is whole.
			if (ended) return false;
			if (answer === rested) return true;
			if (chunk === undefined) return false;
			received += chunk.length;
			if (received > owner.most) throw owner.tooLarge();
			if (owner.size !== undefined && received > owner.size + TAG_LENGTH)
				throw owner.misannounced();
			queue.push(chunk);
			work.notify();
			if (answer.end !== undefined && received >= answer.end) return true;
		}
	}

	/** Lets the line go if nobody waits; what little is left of a file may come. */
	function rest(): void {
		// Who went away counts as waiting until its promise has settled.
		if (ended || (waiting > 0 && !isAbandoned()) || rangeEnd(1) === undefined) return;
		resting = true;
		rested = upstream;
		upstream?.cancel();
	}

	/** Keeps a reader in mind: once the last of them has gone, nothing is read ahead for them. */
	function join(reader: AbortSignal): void {
		if (readers.has(reader)) return;
		for (const other of readers) if (other.aborted) readers.delete(other);
		readers.add(reader);
		reader.addEventListener('abort', () => isAbandoned() && rest(), { once: true });
	}

	function isAbandoned(): boolean {
		return passing === 0 && readers.size > 0 && [...readers].every((reader) => reader.aborted);
	}

	/** Waits until more is wanted than has come, or the feed has ended; false after `time` ms. */
	async function wanting(time?: number): Promise<boolean> {
		if (ended || received < horizon()) return true;
		const late = time === undefined ? undefined : pause(time).then(() => 'late' as const);
		while (!ended && received >= horizon()) {
			const outcome = await Promise.race(late ? [demand.wait(), late] : [demand.wait()]);
			if (outcome === 'late') return ended || received < horizon();
		}
		return true;
	}

	function firstSpan(): number {
		return owner.unasked ? limits.unaskedRange : limits.firstRange;
	}

	/** Where the next request ends; undefined for the end of the file: the last of them tells whether it grew. */
	function rangeEnd(span: number): number | undefined {
		if (!owner.bounded || owner.size === undefined) return undefined;
		const isLong = owner.size + TAG_LENGTH - received > (owner.unasked ? span : limits.range);
		return isLong ? received + span : undefined;
	}

	/**
	 * How far the stream is read now: to what is wanted and a little more, or all of it while its size is unknown; but never
	 * so fast that it piles up here.
	 */
	function horizon(): number {
		if (resting) return 0;
		const most = offsetOf(current) + limits.range;
		if (owner.size === undefined) return most;
		// Where only the end of the answer is still to come, it may.
		const isLast = wanted >= owner.size || received >= owner.size + TAG_LENGTH;
		return isLast ? most : Math.min(most, wanted + limits.window + TAG_LENGTH);
	}

	/** The server began elsewhere than asked: what was in hand is compared again as it comes. */
	function restart(at: number): void {
		queue.clear();
		received = at;
		restartAt = at;
		work.notify();
	}

	async function process(): Promise<void> {
		while (!ended) {
			if (restartAt !== undefined) {
				current = begin(restartAt);
				last = undefined;
			}
			restartAt = undefined;
			// The buffer was made before the size was known.
			const length = segmentLength(current.index) ?? limits.segment;
			if (current.bytes.length > length) current.bytes = current.bytes.subarray(0, length);
			const moved = fill();
			const atEnd = owner.size !== undefined && offsetOf(current) >= owner.size;
			if (current.filled > 0 && current.filled === current.bytes.length) await finishSegment();
			else if (atEnd && complete) {
				const tag = new Uint8Array(TAG_LENGTH);
				queue.moveTo(tag);
				await owner.seal(tag);
				return stop();
			} else if (isDue()) await releasePiece();
			else if (!moved && restartAt === undefined) await work.wait();
		}
	}

	function fill(): boolean {
		// The last 16 bytes that came may be the tag, whatever size was announced.
		const room = Math.min(current.bytes.length - current.filled, queue.length - TAG_LENGTH);
		if (room <= 0) return false;
		current.filled += queue.moveTo(current.bytes.subarray(current.filled, current.filled + room));
		demand.notify();
		owner.progress();
		changed.notify();
		return true;
	}

	/** Whether someone waits for bytes of this segment that have come and are worth a piece. */
	function isDue(): boolean {
		const ready = wholeBlocks() - current.counted;
		if (ready <= 0 || owner.size === undefined || reading === 0) return false;
		if (due <= offsetOf(current) - current.filled + current.counted) return false;
		const first =
			current.counted === current.from && current.index * limits.segment + current.from === offset;
		return (first || ready >= limits.piece) && !current.holds;
	}

	function wholeBlocks(): number {
		return current.filled - (current.filled % BLOCK_LENGTH);
	}

	async function releasePiece(): Promise<void> {
		const piece = current;
		const end = wholeBlocks();
		const added = await cipher.ghash(piece.bytes.subarray(piece.counted, end));
		const ghash = cipher.join(piece.ghash, added, end - piece.counted);
		const released = { start: piece.from, length: end - piece.from, ghash };
		if (!(await owner.release(piece.index, released, piece.noted))) {
			if (piece.from > 0) return stop();
			piece.holds = true;
			return;
		}
		piece.noted = released;
		piece.ghash = ghash;
		piece.counted = end;
		changed.notify();
	}

	async function finishSegment(): Promise<void> {
		const { index, from, counted, ghash, bytes, noted } = current;
		const rest = await cipher.ghash(bytes.subarray(counted));
		const whole = cipher.join(ghash, rest, bytes.length - counted);
		// A stream that came in the middle leaves only the note of what it released: the whole is fetched later.
		const own = { start: from, length: counted - from, ghash: ghash as Bytes };
		if (from === 0) await owner.count(index, bytes, whole, own);
		else {
			const released = { start: from, length: bytes.length - from, ghash: whole };
			if (!(await owner.release(index, released, noted))) return stop();
			owner.keepPart(index, from, bytes);
		}
		last = { index, from, bytes };
		current = begin((index + 1) * limits.segment);
		owner.progress();
		changed.notify();
		if (owner.has(current.index)) stop();
	}

	function offsetOf({ index, filled }: Current): number {
		return index * limits.segment + filled;
	}

	receive().catch(stop);
	const settled = process().catch(stop);

	return {
		settled,
		get position() {
			return offsetOf(current);
		},
		get ended() {
			return ended;
		},
		get error() {
			return error;
		},
		get waiting() {
			return waiting;
		},
		get abandoned() {
			return isAbandoned();
		},
		leadsTo(at, near) {
			const oldest = last ?? current;
			const start = oldest.index * limits.segment + oldest.from;
			return !ended && at >= start && at <= offsetOf(current) + near;
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
		async advance(at, purpose, signal) {
			if (ended) return;
			const passes = purpose === 'look' || signal === undefined;
			const reads = purpose === 'read';
			if (signal && !passes) join(signal);
			wanted = Math.max(wanted, at + 1);
			if (reads) due = Math.max(due, at + 1);
			resting = false;
			waiting += 1;
			reading += reads ? 1 : 0;
			passing += passes ? 1 : 0;
			clearTimeout(lingering);
			const next = changed.wait();
			demand.notify();
			work.notify();
			try {
				await abortable(next, signal);
			} finally {
				waiting -= 1;
				reading -= reads ? 1 : 0;
				passing -= passes ? 1 : 0;
				clearTimeout(lingering);
				if (waiting === 0 && !ended) {
					const { linger, unaskedLinger } = limits;
					lingering = setTimeout(stop, owner.unasked ? unaskedLinger : linger);
				}
			}
		},
		rest,
		close: () => stop(),
	};
}

function pause(time: number): Promise<void> {
	return new Promise((resolve) => setTimeout(resolve, time));
}
