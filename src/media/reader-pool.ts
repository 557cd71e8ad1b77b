import { BLOCK_LENGTH } from '../core/crypto/gcm.ts';
import { createFeed, type Feed, type FeedOwner } from './ciphertext-reader.ts';

/** What the pool must know of the file to place a feed. */
export interface FeedPlan {
	/** the server does not seek, or the size is unknown: one feed from the start, whoever waits */
	readonly sequential: boolean;
	/** Whether a segment must come whole before any of it is released. */
	holds(index: number): boolean;
}

/** The open streams of one item, shared by readers that are near each other. */
export interface FeedPool {
	/** how many are open */
	readonly open: number;
	/** somebody waits for one */
	readonly busy: boolean;
	/** A feed that leads to `offset`: one that is near, or a new one. */
	feedFor(offset: number): Feed;
	/** Ends all of them; resolves once none of them writes anything down any more. */
	close(): Promise<void>;
}

export function createFeedPool(owner: FeedOwner, plan: FeedPlan): FeedPool {
	const { limits } = owner;
	let feeds: Feed[] = [];
	const living = () => feeds.filter((feed) => !feed.ended);
	return {
		get open() {
			return living().length;
		},
		get busy() {
			return living().some((feed) => feed.waiting > 0);
		},
		feedFor(offset) {
			feeds = living();
			// Without a size nothing can be read before the end, wherever the stream is now.
			const joined =
				owner.size === undefined
					? feeds[0]
					: feeds.find((feed) =>
							feed.leadsTo(offset, plan.sequential ? Number.POSITIVE_INFINITY : limits.near),
						);
			if (joined !== undefined) return joined;
			// What engines read ahead for the others would take its share of the line.
			for (const feed of feeds)
				if (feed.abandoned) feed.close();
				else feed.rest();
			if (plan.sequential) for (const feed of feeds) feed.close();
			else if (feeds.length >= limits.feeds) feeds.find((feed) => feed.waiting === 0)?.close();
			const index = Math.floor(offset / limits.segment);
			const start = plan.holds(index) ? index * limits.segment : offset - (offset % BLOCK_LENGTH);
			const feed = createFeed(owner, plan.sequential ? 0 : start);
			feeds.push(feed);
			return feed;
		},
		async close() {
			const closing = feeds;
			feeds = [];
			for (const feed of closing) feed.close();
			await Promise.all(closing.map((feed) => feed.settled));
		},
	};
}
