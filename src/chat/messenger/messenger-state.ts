import type { ConnectionState } from '../../xmpp/connection.ts';
import type { Contact } from '../../xmpp/roster.ts';
import type { AccountSettings, Conversation } from './chat-message.ts';

/** What a server may lack: contacts, blocking, a place for keys, an archive. */
export type MissingFeature = 'roster' | 'blocking' | 'pep' | 'archive';

export interface MessengerState {
	/** bare */
	account: string;
	connection: ConnectionState;
	/** the archive is being read */
	catchingUp: boolean;
	loaded: boolean;
	contacts: Record<string, Contact>;
	available: Record<string, boolean>;
	/** whose stanzas our server keeps from us */
	blocked: Record<string, boolean>;
	/** who wants to see when we are there */
	requests: string[];
	/** latest first */
	conversations: Conversation[];
	typing: Record<string, boolean>;
	/** what the server cannot do, or refused */
	missing: MissingFeature[];
	settings: AccountSettings;
	/** counts up when devices or trust of somebody change */
	devicesChanged: number;
}

export function initialState(account: string): MessengerState {
	return {
		account,
		connection: 'offline',
		catchingUp: false,
		loaded: false,
		contacts: {},
		available: {},
		blocked: {},
		requests: [],
		conversations: [],
		typing: {},
		missing: [],
		settings: { reactsInClear: false },
		devicesChanged: 0,
	};
}
