import { equalBytes } from '../core/bytes.ts';
import { asMediaError, MediaError } from '../core/errors.ts';
import type { MediaRecord } from '../vault/media-record.ts';
import type { ItemContext } from './item-store.ts';
import type { LedgerStore } from './ledger-store.ts';

/** Gives the verdict, and forgets what was counted where it cannot be right. */
export interface Verifier {
	/** With every segment and the tag: the verdict. Throws MediaError `tampered` or `changed`. */
	conclude(): Promise<void>;
	/** What a failure means for the item as a whole. Always throws. */
	fail(thrown: unknown): Promise<never>;
	/** Whether `fail` has dealt with a failure: several consumers may fail by the same one. */
	knows(failure: MediaError): boolean;
	/** Resolves to the era in which somebody may read on. Throws MediaError. */
	guard(): Promise<number>;
	/** Waits while what was counted is being forgotten. */
	settled(): Promise<void>;
	/** Forgets what was counted, and begins another era. */
	purge(verdict: 'none' | 'tampered'): Promise<void>;
}

/** Whether all is counted, and the tag is right. */
export function isProven({ ledger }: LedgerStore, { tag }: MediaRecord): boolean {
	return ledger?.complete === true && tag !== undefined && equalBytes(ledger.tag(), tag);
}

export function makeVerifier(context: ItemContext, closeReaders: () => Promise<void>): Verifier {
	const { id, vault, item, ledgerStore, buffer, parts, table, changed } = context;
	let purging: { readonly done: Promise<void> } | undefined;
	const failures = new WeakSet<MediaError>();

	async function conclude(): Promise<void> {
		const { ledger } = ledgerStore;
		const { record, isGuessed, era } = item.state;
		if (ledger?.complete !== true || record.tag === undefined || record.verdict !== 'none') return;
		if (!isProven(ledgerStore, record)) throw new MediaError(isGuessed ? 'changed' : 'tampered');
		await ledgerStore.confirm();
		const isCurrent = () =>
			era === item.state.era && purging === undefined && item.state.record.verdict === 'none';
		if (!isCurrent()) return;
		// First on the disk: other workers must know before anybody is told.
		await vault.media.patch(id, { verdict: 'verified' }).catch(() => undefined);
		try {
			// Another one may have forgotten what was counted before it could know. It looks for the verdict after that.
			await ledgerStore.confirm();
		} catch (thrown) {
			if ((await item.storedVerdict()) === 'verified')
				await vault.media.patch(id, { verdict: 'none', verifyFirst: true }).catch(() => undefined);
			throw thrown;
		}
		if (isCurrent()) await item.patch({ verdict: 'verified' });
	}

	async function settled(): Promise<void> {
		while (purging !== undefined) await purging.done;
	}

	async function fail(thrown: unknown): Promise<never> {
		const failure = asMediaError(thrown);
		if (failure.code === 'cancelled') throw failure;
		// Several consumers fail by one failure, and it is one purge.
		const isKnown = failures.has(failure);
		failures.add(failure);
		while (purging !== undefined) await purging.done;
		if (isKnown) throw failure;
		if (failure.code === 'changed') item.apply({ kind: 'file-changed' });
		const isPurged = failure.code === 'tampered' && item.state.record.verdict === 'tampered';
		if (failure.code === 'changed') await purge('none');
		if (failure.code === 'tampered' && !isPurged) await purge('tampered');
		// Why it was purged says more than that it was.
		if (!isPurged || item.state.error === undefined) item.apply({ kind: 'failed', error: failure });
		changed();
		throw failure;
	}

	async function purge(verdict: 'none' | 'tampered'): Promise<void> {
		item.apply({ kind: 'purge-began' });
		// Not at once: whoever looks while it goes on must find `purging` set.
		const done = Promise.resolve().then(() => forget(verdict));
		purging = { done };
		await done.finally(() => {
			purging = undefined;
			item.apply({ kind: 'purge-ended' });
		});
	}

	async function forget(verdict: 'none' | 'tampered'): Promise<void> {
		const closed = closeReaders();
		item.apply({ kind: 'forgotten' });
		const fields = [
			...(table === undefined ? (['size'] as const) : []),
			...(['type', 'label', 'width', 'height', 'duration', 'preview'] as const),
			...(['tag', 'etag', 'sequential', 'bounded'] as const),
		];
		// What was verified once, by whatever worker, is never played before it is again.
		const verdicts = [item.state.record.verdict, await item.storedVerdict()];
		const proven = verdicts.includes('verified');
		const first = proven || verdict === 'tampered' || verdicts.includes('tampered');
		item.apply({ kind: 'patched', change: { verdict }, cleared: [] });
		// A verdict that another worker writes down meanwhile is not to be lost.
		const change = verdict === 'tampered' ? { verdict } : {};
		await item.patch({ ...change, ...(first ? { verifyFirst: true } : {}) }, fields);
		// What a reader was about to write down would outlive the purge.
		await closed;
		parts.clear();
		await Promise.all([
			ledgerStore.clear(proven).catch(() => undefined),
			buffer.clear(),
			vault.previews.remove(id).catch(() => undefined),
		]);
		const isProvenSince = (await item.storedVerdict()) === 'verified';
		await item.patch({ verdict, ...(isProvenSince ? { verifyFirst: true } : {}) });
	}

	return {
		conclude,
		fail,
		knows: (failure) => failures.has(failure),
		async guard() {
			while (purging !== undefined) await purging.done;
			const { record, error, isGone, era } = item.state;
			if (isGone) throw new MediaError('cancelled');
			if (record.verdict === 'tampered') throw new MediaError('tampered');
			if (error?.code === 'unasked') throw error;
			return era;
		},
		settled,
		purge,
	};
}
