// In-Band Registration, XEP-0077 version 2.4 section 3.1

import { loadOnce } from '../../../core/async/load-once.ts';

export interface NewAccount {
	/** bare */
	readonly account: string;
	readonly password: string;
	readonly url: string;
}

const loadRegistration = loadOnce(() => import('./new-account.ts'));

/**
 * Makes an account on a server that lets anyone do so. Throws XmppError: `registration-closed` if the server does not, or
 * only on a page of its own, `address-taken`, `refused`, `timeout` or `offline`.
 */
export async function registerAccount(asked: NewAccount): Promise<void> {
	const { registerByStanza } = await loadRegistration();
	await registerByStanza(asked);
}
