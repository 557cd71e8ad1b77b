import type { MediaStatus, PageMessage } from '../../core/http/page-messages.ts';
import { isComplete } from './media-item.ts';
import type { MediaItems } from './media-items.ts';

/** Files that nobody has asked for: each loads once it is known to be no larger than was allowed. */
export interface LoadLimits {
	/** A file loads if it is no larger than so many bytes; its size is to be asked for. */
	set(id: string, limit: number): void;
	has(id: string): boolean;
	/** Somebody asked for it, or it is gone. */
	drop(id: string): void;
	/** The worker says something of a file: maybe its size. */
	decide(status: MediaStatus): void;
}

export function createLoadLimits(
	items: Pick<MediaItems, 'change'>,
	send: (message: PageMessage) => void,
): LoadLimits {
	/** bytes */
	const limits = new Map<string, number>();
	return {
		set: (id, limit) => void limits.set(id, limit),
		has: (id) => limits.has(id),
		drop: (id) => void limits.delete(id),
		decide(status) {
			const { id, size, error } = status;
			const limit = limits.get(id);
			if (limit === undefined || (size === undefined && error === undefined)) return;
			limits.delete(id);
			// What is here already need not be asked for.
			const isAllowed = isComplete(status) || (error === undefined && (size ?? 0) <= limit);
			items.change(id, { isMeasured: false, active: isAllowed });
			if (isAllowed || error !== undefined) return;
			send({ kind: 'forget', id });
			send({ kind: 'watch', id });
		},
	};
}
