import type { Bytes } from '../core/bytes.ts';
import { MediaError } from '../core/errors.ts';
import { abortable } from './abortable.ts';
import type { CiphertextReader } from './ciphertext-reader.ts';
import type { ItemContext } from './item-store.ts';
import { readKept } from './kept-plaintext.ts';
import { pictureObjection } from './picture-check.ts';
import type { Purpose } from './reader-demand.ts';
import type { ReaderPool } from './reader-pool.ts';
import type { Signal } from './signal.ts';
import { sniffFile } from './sniff-file.ts';
import type { Verifier } from './verifier.ts';

/** Enough of a file's start to tell what it is. */
const HEAD_LENGTH = 512;
/** What is looked at of it. */
const HEAD_READ = 4096;

/** Size and type, which a response needs before its headers. */
export interface MediaHead {
	readonly size: number;
	readonly type: string;
	readonly kind: 'image' | 'audio' | 'video' | 'file';
}

/** Reads an item once: its failures are thrown as they are, and it is not tried again. */
export interface PlaintextReader {
	head(signal?: AbortSignal): Promise<MediaHead>;
	read(offset: number, signal: AbortSignal, isSave?: boolean): Promise<Bytes>;
	/** Loads what is missing, and waits for the verdict; `keep`: it stops where not all of it can be kept. */
	load(signal?: AbortSignal, keep?: boolean): Promise<void>;
	/**
	 * Says what it is by its verified bytes: those that told it at first may have been others. A picture too large to
	 * decode, or that hides its size, is a file like any other.
	 */
	checkType(): Promise<void>;
}

export function makePlaintextReader(
	context: ItemContext,
	{
		readers,
		verifier,
		asking,
		mustVerify,
	}: {
		readers: ReaderPool;
		verifier: Verifier;
		/** somebody has asked for the item, or it has been closed */
		asking: Signal;
		mustVerify: (head: MediaHead) => boolean;
	},
): PlaintextReader {
	const { limits, cipher, item, ledgerStore, buffer, parts, table, changed } = context;
	const { guard } = verifier;
	const hasTable = item.state.record.keys?.tags !== undefined;

	/**
	 * A reader that leads to an offset; undefined if what was counted has been forgotten since, or is now: the caller must
	 * begin anew. `before` is the one that was followed until now: it may have failed while nobody waited for it.
	 */
	function readerAt(
		offset: number,
		begun: number,
		before: CiphertextReader | undefined,
	): CiphertextReader | undefined {
		if (begun !== item.state.era || item.state.isGone) return undefined;
		if (before?.error !== undefined && before.error.code !== 'cancelled') throw before.error;
		return readers.readerFor(offset);
	}

	/** Lets a reader go on until something changes; its failure is ours, unless it is seen to already. */
	async function follow(
		reader: CiphertextReader,
		offset: number,
		purpose: Purpose,
		signal?: AbortSignal,
	): Promise<void> {
		if (signal?.aborted) throw new MediaError('cancelled');
		const begun = item.state.era;
		await reader.advance(offset, purpose, signal);
		const failure = reader.error;
		if (failure === undefined || failure.code === 'cancelled') return;
		if (begun === item.state.era || verifier.knows(failure)) await verifier.fail(failure);
	}

	async function head(signal?: AbortSignal): Promise<MediaHead> {
		let reader: CiphertextReader | undefined;
		for (;;) {
			const begun = await guard();
			const { size, type } = item.state.record;
			if (size !== undefined && type !== undefined) return { size, type, kind: kindOf(type) };
			const isCounted = ledgerStore.ledger !== undefined && ledgerStore.ghashOf(0) !== undefined;
			const stored = isCounted ? (await buffer.get(0))?.bytes : undefined;
			// Nothing is waited for from here on, so that no change of the reader is missed.
			let bytes = stored ?? headOf(reader);
			if (bytes === undefined) {
				if (signal?.aborted) throw new MediaError('cancelled');
				reader = readerAt(0, begun, reader);
				bytes = headOf(reader);
			}
			if (bytes !== undefined) {
				const plain = await cipher.decrypt(0, hasTable ? bytes : bytes.slice(0, HEAD_READ));
				const { type: found, label } = sniffFile(plain, hasTable);
				if (begun === item.state.era) void item.patch({ type: found, ...(label && { label }) });
			} else if (reader !== undefined) await follow(reader, 0, 'look', signal);
		}
	}

	/** The first bytes of the file, if enough of them have come; of one with tags, a segment that fits. */
	function headOf(reader: CiphertextReader | undefined): Bytes | undefined {
		const { ledger } = ledgerStore;
		if (ledger === undefined) return undefined;
		if (table !== undefined) return reader?.peek(0)?.bytes;
		const enough = Math.min(HEAD_LENGTH, limits.segment, ledger.size);
		if (enough === 0) return new Uint8Array(0);
		const bytes = reader?.head();
		return bytes !== undefined && bytes.length >= enough ? bytes : undefined;
	}

	async function read(offset: number, signal: AbortSignal, isSave = false): Promise<Bytes> {
		const index = Math.floor(offset / limits.segment);
		let reader: CiphertextReader | undefined;
		for (;;) {
			const begun = await guard();
			if (signal.aborted) throw new MediaError('cancelled');
			const known = await head(signal);
			const { record, era } = item.state;
			if (begun !== era) continue;
			// The file is not as long as it was said to be when the answer began.
			if (offset >= known.size && record.verdict === 'verified') return new Uint8Array(0);
			const isHeld = record.verdict === 'none' && (isSave ? record.verifyFirst : mustVerify(known));
			if (offset >= known.size || isHeld) {
				await load(signal);
				continue;
			}
			const ghash = ledgerStore.ghashOf(index);
			const stored = ledgerStore.ledger && (await readKept(offset, context));
			if (stored !== undefined && (await mayRelease(index, ghash, begun)))
				return noteReleased(stored);
			if (stored !== undefined) continue;
			if (!isSave && isWithheld(known, offset)) {
				// Nothing more comes over the line for what somebody may never look at.
				void readers.close();
				await abortable(asking.wait(), signal);
				continue;
			}
			const part = parts.get(offset);
			reader = part === undefined ? readerAt(offset, begun, reader) : undefined;
			const piece = part ?? reader?.peek(offset);
			if (piece !== undefined) {
				const counted = ledgerStore.ghashOf(index);
				const plain = await cipher.decrypt(piece.start, piece.bytes);
				if (await mayRelease(index, counted, begun)) {
					item.apply({ kind: 'fetched', length: plain.length });
					return noteReleased(plain.subarray(offset - piece.start));
				}
			} else if (reader !== undefined) await follow(reader, offset, 'read', signal);
		}
	}

	/** Enough of a video is here to show what it is; where a server cannot skip, its end is not fetched for that. */
	function isWithheld({ kind, size }: MediaHead, offset: number): boolean {
		const { record, fetched } = item.state;
		if (record.unasked === undefined || kind !== 'video' || size <= 2 * limits.unasked)
			return false;
		const isFar = record.sequential === true && offset > limits.unasked;
		return fetched >= limits.unasked || isFar;
	}

	/** Writes down what is about to be released of a counted segment; pieces of others are written down as they come. */
	async function mayRelease(
		index: number,
		ghash: Bytes | undefined,
		begun: number,
	): Promise<boolean> {
		const isProof = item.state.record.verdict === 'verified' || table !== undefined;
		const isNoted = isProof || ghash === undefined;
		if (!isNoted && !(await ledgerStore.releaseWhole(index, ghash))) return false;
		return begun === item.state.era;
	}

	function noteReleased(plain: Bytes): Bytes {
		if (!item.state.isReleased && item.state.record.verdict === 'none') {
			item.apply({ kind: 'released' });
			changed();
		}
		return plain;
	}

	async function load(signal?: AbortSignal, keep = false): Promise<void> {
		let reader: CiphertextReader | undefined;
		for (;;) {
			const begun = await guard();
			// An earlier worker may have died between the last segment and the verdict.
			await verifier.conclude();
			if (item.state.record.verdict === 'verified') return;
			if (keep) buffer.check();
			const missing = ledgerStore.firstMissing();
			reader = readerAt(missing, begun, reader);
			if (reader !== undefined) await follow(reader, missing, 'load', signal);
		}
	}

	async function checkType(): Promise<void> {
		const { record, isTypeChecked } = item.state;
		const { size = 0 } = record;
		if (isTypeChecked || size === 0) return;
		const { signal } = new AbortController();
		const isPicture = record.type?.startsWith('image/') === true;
		const first = isPicture ? await read(0, signal) : await readKept(0, context);
		// What is no picture is not asked for only to be looked at.
		if (first === undefined) return;
		const { kind, type, label } = sniffFile(first, hasTable);
		const objection =
			kind === 'image'
				? await pictureObjection(type, size, (offset) => read(offset, signal))
				: undefined;
		if (objection !== undefined)
			await item.patch({ type: 'application/octet-stream', label: objection });
		else if (type !== item.state.record.type)
			await item.patch({ type, ...(label && { label }) }, label ? [] : ['label']);
		item.apply({ kind: 'type-checked' });
	}

	return { head, read, load, checkType };
}

function kindOf(type: string): MediaHead['kind'] {
	const [kind] = type.split('/');
	return kind === 'image' || kind === 'audio' || kind === 'video' ? kind : 'file';
}
