import type { Agent } from 'stanza';
import { ShareError } from '../core/share-error.ts';
import { asXmppError, XmppError } from './xmpp-error.ts';

/**
 * Waits for answers as long as the line lasts: what was not answered when it ends, never will be. Throws XmppError or ShareError,
 * whatever stanza rejects with.
 */
export function requestsOf(agent: Agent): <T>(work: Promise<T>) => Promise<T> {
	const pending = new Set<(error: XmppError) => void>();
	agent.on('disconnected', () => {
		for (const drop of pending) drop(new XmppError('offline'));
	});
	return async (work) => {
		let drop: (error: XmppError) => void = () => undefined;
		const dropped = new Promise<never>((_, reject) => {
			drop = reject;
			pending.add(drop);
		});
		try {
			return await Promise.race([work, dropped]);
		} catch (thrown) {
			throw thrown instanceof ShareError ? thrown : asXmppError(thrown);
		} finally {
			pending.delete(drop);
			work.catch(() => undefined);
		}
	};
}
