import type { ConnectionState } from '../../xmpp/connection.ts';
import type { UploadService } from '../../xmpp/extensions/upload.ts';
import type { Contact } from '../../xmpp/roster.ts';
import type { AccountSettings } from './account-settings.ts';
import { DEFAULT_SETTINGS } from './account-settings.ts';
import type { Conversation } from './conversation.ts';
import type { Unreached } from './unreached.ts';

/**
 * A feature that the server lacks, or did not answer for: contacts, blocking, a place for keys, an archive, a place for files.
 * `archive-stuck`: the archive could not be read to its end.
 */
export type MissingFeature = 'roster' | 'blocking' | 'pep' | 'archive' | 'archive-stuck' | 'upload';

/** How far a file of ours has come. */
export interface UploadProgress {
	readonly step: 'keeping' | 'waiting' | 'uploading';
	/** bytes of this step */
	readonly done: number;
	readonly size: number;
	/** bytes a second */
	readonly speed?: number | undefined;
}

export interface MessengerState {
	/** bare */
	account: string;
	connection: ConnectionState;
	/** the archive is being read */
	catchingUp: boolean;
	/** full: what comes cannot be kept, and waits */
	storage: 'ok' | 'full';
	/** a part of the app that what comes needs could not be loaded: it waits for a reload */
	needsReload: boolean;
	loaded: boolean;
	contacts: Record<string, Contact>;
	available: Record<string, boolean>;
	/** of contacts who have not answered: why they cannot have */
	unreached: Record<string, Unreached>;
	/** whose stanzas our server keeps from us */
	blocked: Record<string, boolean>;
	/** who wants to see when we are there */
	requests: string[];
	/** latest first */
	conversations: Conversation[];
	/** there is no room for a message of more unknown people, of one server or of all */
	requestsFull: boolean;
	typing: Record<string, boolean>;
	/** what the server cannot do, or refused */
	missing: MissingFeature[];
	/** what contacts, and we, show of themselves: a name, and the blob URL of a picture */
	profiles: Record<string, { name?: string; avatar?: string }>;
	/** where the server takes files, once it has said so */
	upload?: UploadService | undefined;
	settings: AccountSettings;
	/** files on their way, by the key of their message */
	shares: Record<string, UploadProgress>;
	/** counts up when devices or trust of somebody change */
	devicesChanged: number;
}

export function initialState(account: string): MessengerState {
	return {
		account,
		connection: 'offline',
		catchingUp: false,
		storage: 'ok',
		needsReload: false,
		loaded: false,
		contacts: {},
		available: {},
		unreached: {},
		blocked: {},
		requests: [],
		conversations: [],
		requestsFull: false,
		typing: {},
		missing: [],
		profiles: {},
		settings: { ...DEFAULT_SETTINGS },
		shares: {},
		devicesChanged: 0,
	};
}
