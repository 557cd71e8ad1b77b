import { BLOCK_LENGTH } from '../core/crypto/gcm.ts';
import { type CiphertextReader, makeCiphertextReader } from './ciphertext-reader.ts';
import type { ReaderContext } from './reader-context.ts';

/** The values of a file that the pool needs to place a reader. */
export interface ReaderPlan {
	/** the server does not seek, or the size is unknown: one reader from the start, whoever waits */
	readonly sequential: boolean;
	/** Whether a segment must come whole before any of it is released. */
	holds(index: number): boolean;
}

/** The open streams of one item, shared by consumers that are near each other. */
export interface ReaderPool {
	/** how many are open */
	readonly open: number;
	/** somebody waits for one */
	readonly busy: boolean;
	/** A reader that leads to `offset`: one that is near, or a new one. */
	readerFor(offset: number): CiphertextReader;
	/** Ends all of them; resolves once none of them writes anything down any more. */
	close(): Promise<void>;
}

export function makeReaderPool(context: ReaderContext, plan: ReaderPlan): ReaderPool {
	const { limits } = context;
	let readers: CiphertextReader[] = [];
	const living = () => readers.filter((reader) => !reader.ended);
	return {
		get open() {
			return living().length;
		},
		get busy() {
			return living().some((reader) => reader.waiting > 0);
		},
		readerFor(offset) {
			readers = living();
			const index = Math.floor(offset / limits.segment);
			// What must come whole is there from its start on.
			const held = context.file.isTagged ? index * limits.segment : offset;
			// Without a size nothing can be read before the end, wherever the stream is now.
			const joined =
				context.file.size === undefined
					? readers[0]
					: readers.find((reader) =>
							reader.leadsTo(held, plan.sequential ? Number.POSITIVE_INFINITY : limits.near),
						);
			if (joined !== undefined) return joined;
			// What engines read ahead for the others would take its share of the line.
			for (const reader of readers)
				if (reader.abandoned) reader.close();
				else reader.rest();
			if (plan.sequential) for (const reader of readers) reader.close();
			else if (readers.length >= limits.readers)
				readers.find((reader) => reader.waiting === 0)?.close();
			const start = plan.holds(index) ? index * limits.segment : offset - (offset % BLOCK_LENGTH);
			const reader = makeCiphertextReader(context, plan.sequential ? 0 : start);
			readers.push(reader);
			return reader;
		},
		async close() {
			const closing = readers;
			readers = [];
			for (const reader of closing) reader.close();
			await Promise.all(closing.map((reader) => reader.settled));
		},
	};
}
