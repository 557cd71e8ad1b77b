// In-Band Registration, XEP-0077 version 2.4 section 3.1

import { createClient } from 'stanza';
import { domainOf } from '../../../core/links/address.ts';
import { asXmppError, XmppError } from '../../xmpp-error.ts';
import type { NewAccount } from './register-account.ts';

/** All that is told of somebody; who wants to know more, or a riddle solved, has a page for it. */
const FIELDS: readonly unknown[] = ['FORM_TYPE', 'username', 'password'];
/** Milliseconds. */
const TIME = 20_000;

/** See `registerAccount`. */
export async function registerByStanza({ account, password, url }: NewAccount): Promise<void> {
	const domain = domainOf(account);
	const agent = createClient({
		jid: account,
		server: domain,
		transports: { websocket: url, bosh: false },
		autoReconnect: false,
		useStreamManagement: false,
	});
	// Where nobody may register, stanza would sign in instead.
	delete agent.features.handlers['sasl'];
	const username = account.slice(0, account.indexOf('@'));
	try {
		await new Promise<void>((resolve, reject) => {
			const timer = setTimeout(() => reject(new XmppError('timeout')), TIME);
			agent.on('disconnected', () => reject(new XmppError('offline')));
			agent.registerFeature('inbandRegistration', 1, async () => {
				try {
					const { account: asked } = await agent.sendIQ({ type: 'get', to: domain, account: {} });
					const more = asked?.form?.fields?.some(
						({ name, required }) => required && !FIELDS.includes(name),
					);
					if (more) throw new XmppError('registration-closed');
					await agent.sendIQ({ type: 'set', to: domain, account: { username, password } });
					resolve();
				} catch (thrown) {
					reject(registrationError(thrown));
				} finally {
					clearTimeout(timer);
				}
			});
			agent.on('features', ({ inbandRegistration }) => {
				if (inbandRegistration === true) return;
				clearTimeout(timer);
				reject(new XmppError('registration-closed'));
			});
			agent.connect();
		});
	} finally {
		agent.disconnect();
	}
}

function registrationError(thrown: unknown): XmppError {
	const error = asXmppError(thrown);
	if (error.condition === 'conflict') return new XmppError('address-taken');
	if (error.condition === 'not-allowed' || error.condition === 'forbidden')
		return new XmppError('registration-closed');
	return error;
}
