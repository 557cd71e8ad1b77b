import { settledWithin } from '../../core/async/settled-within.ts';
import type { PutCiphertext } from '../../media/put-ciphertext.ts';
import type { Vault } from '../../vault/vault.ts';
import { type ConnectionEvents, makeConnection } from '../../xmpp/connection.ts';
import { XmppError } from '../../xmpp/xmpp-error.ts';
import { type ShownFiles, unshownFiles } from '../files/message-files.ts';
import { createMessageMedia } from '../files/opened-media.ts';
import { createReceiptQueue } from '../messages/receipt-queue.ts';
import type { AccountSettings } from '../model/account-settings.ts';
import type { MessengerState } from '../model/messenger-state.ts';
import { createPeopleStore } from '../people/people-store.ts';
import { makeAccountContext } from './account-context.ts';
import { createAccountStore } from './account-store.ts';
import { makeArrivalsPart } from './arrivals-part.ts';
import { makeChatsPart } from './chats-part.ts';
import { isLive } from './connection-life.ts';
import { type Credentials, saveCredentials } from './credentials.ts';
import { makeDevicesPart } from './devices-part.ts';
import { makeFilesPart } from './files-part.ts';
import { makeMessagesPart } from './messages-part.ts';
import type {
	ChatsArea,
	DevicesArea,
	FilesArea,
	MessagesArea,
	PeopleArea,
} from './messenger-areas.ts';
import { makePeoplePart } from './people-part.ts';
import { makeSessionPart } from './session-part.ts';

export type { StagedShare } from '../../media/staged-share.ts';
export type { DeviceInfo } from '../../omemo/device-info.ts';
export type { Verification } from '../../omemo/peer.ts';
export type { Trust } from '../../omemo/trust.ts';
export type { MessengerState, MissingFeature } from '../model/messenger-state.ts';

/** Milliseconds that a disk is waited for when an account is closed: one that hangs must not hold up the next tab. */
const CLOSE_TIME = 1000;

/** One account that is signed in: the one place that changes its conversations. Components take the area that they need. */
export interface Messenger {
	readonly state: MessengerState;
	readonly messages: MessagesArea;
	readonly chats: ChatsArea;
	readonly files: FilesArea;
	readonly people: PeopleArea;
	readonly devices: DevicesArea;
	changeSettings(patch: Partial<AccountSettings>): Promise<void>;
	/** Gives the account another password and signs in with it from now on. Throws XmppError. */
	changePassword(password: string): Promise<void>;
	/** Somebody looks at the page, or not. */
	setVisible(visible: boolean): void;
	/** Takes this device off our account, before it is erased. Throws XmppError. */
	leave(): Promise<void>;
	wake(): void;
	close(): Promise<void>;
}

/** How it goes with the connection of an account. */
export interface MessengerListeners {
	/** the server has taken the password */
	online(): void;
	/** the server has refused it, or offers no way that keeps it a secret */
	refused(why: 'auth-failed' | 'no-scram'): void;
	/** how the server writes the account, before it is online */
	bound?(account: string): void;
	/** a copy of this device is online in its place, or works with what it has stored */
	superseded?(): void;
}

/** Signs in and goes on until closed. */
export function makeMessenger(
	vault: Vault,
	credentials: Credentials,
	listeners: MessengerListeners,
	{
		files: shown = unshownFiles(vault),
		put,
	}: {
		/** where files are shown */
		files?: ShownFiles;
		/** how files are sent, where there is no page */
		put?: PutCiphertext;
	} = {},
): Messenger {
	const { account } = credentials;
	const context = makeAccountContext(vault, account, () => listeners.superseded?.());
	const { rows, stores, state, setState, report } = context;
	const peopleStore = createPeopleStore(rows, account);
	const accountStore = createAccountStore(rows, account);
	const media = createMessageMedia(rows);
	let isClosed = false;

	// Filled below: no event comes before `connect`. A part gets functions that look up the parts made after it.
	const events = {} as ConnectionEvents;
	const mayAct = () => start.life.mayAct;
	const connection = makeConnection({
		...credentials,
		events,
		mayLearnPresence: (jid) => people.mayLearnPresence(jid),
	});
	const receipts = createReceiptQueue({
		get isOnline() {
			return isLive(start.life);
		},
		send: connection.send,
	});
	const people = makePeoplePart(context, {
		store: peopleStore,
		connection,
		conversations: () => chats.conversations,
		isLive: () => isLive(start.life),
	});
	const devices = makeDevicesPart(context, {
		connection,
		receipts,
		mayLearnPresence: people.mayLearnPresence,
	});
	const { omemo } = devices;
	const chats = makeChatsPart(context, {
		archive: {
			// What came while we were away is read first: history would take it for old.
			async fetch(query) {
				await start.whenLive();
				if (query.before === '' && start.isArchiveDue) throw new XmppError('timeout');
				return connection.archive.fetch(query);
			},
		},
		people,
		receipts,
		media,
		removeFile: shown.remove,
	});
	const { conversations } = chats;
	const messages = makeMessagesPart(context, { connection, omemo, conversations, mayAct });
	const files = makeFilesPart(context, {
		...{ connection, media, omemo, conversations, messages, shown, mayAct, put },
		store: accountStore,
		people: peopleStore,
	});
	const arrivals = makeArrivalsPart(context, {
		...{ connection, conversations, messages, people, devices, files, receipts },
		followsArchive: () => start.followsArchive,
	});
	const start = makeSessionPart(context, { people, devices, files, messages, arrivals, receipts });
	const connectionEvents: ConnectionEvents = {
		...people.events,
		...devices.events,
		state(next, resumed) {
			setState('connection', next);
			if (next === 'auth-failed' || next === 'no-scram') listeners.refused(next);
			if (next === 'superseded') listeners.superseded?.();
			if (next === 'online') listeners.online();
			start.changed(next, resumed);
			setState('catchingUp', start.life.phase === 'catching-up');
		},
		bound: (bound) => listeners.bound?.(bound),
		ended: (by) => void messages.outbox.ended(by).catch(report),
		message: arrivals.inbox.receive,
		acked(id) {
			receipts.acknowledged(id);
			void messages.outbox.acknowledged(id).catch(report);
		},
	};
	Object.assign(events, connectionEvents);

	async function load(): Promise<void> {
		await context.claim();
		setState('settings', await accountStore.settings());
		await people.load();
		await conversations.load();
		await files.load();
		const resource = await accountStore.resource();
		if (!isClosed) connection.connect(resource);
	}

	load().catch(report);
	return {
		state,
		messages: messages.area,
		chats: chats.area,
		files: files.area,
		people: people.area,
		devices: devices.area,
		async changeSettings(patch) {
			const settings = { ...state.settings, ...patch };
			await stores.write([await accountStore.putSettings(settings)]);
			setState('settings', settings);
		},
		async changePassword(password) {
			await connection.registration.changePassword(password);
			await saveCredentials(vault.chat, { ...credentials, password });
		},
		setVisible(now) {
			connection.setActive(now);
			void conversations.setVisible(now).catch(report);
		},
		leave: omemo.leave,
		wake: connection.wake,
		async close() {
			isClosed = true;
			devices.close();
			arrivals.close();
			start.close();
			messages.outbox.close();
			const shared = files.close();
			people.close();
			await connection.close();
			await shared;
			await settledWithin(stores.buffer.flush(), CLOSE_TIME);
		},
	};
}
