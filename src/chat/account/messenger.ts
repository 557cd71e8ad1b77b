import { createStore, produce, reconcile, unwrap } from 'solid-js/store';
import { createMutex } from '../../core/async/mutex.ts';
import { domainOf } from '../../core/links/address.ts';
import { cutText } from '../../core/text/cut-text.ts';
import type { PutCiphertext } from '../../media/put-ciphertext.ts';
import { claimStaged, dropStaged, readStaged } from '../../media/staged-share.ts';
import { createOmemo, type Omemo } from '../../omemo/omemo.ts';
import { OmemoError } from '../../omemo/omemo-error.ts';
import { createOmemoRows } from '../../omemo/omemo-rows.ts';
import { cachedRows } from '../../vault/cached-rows.ts';
import { isStorageError } from '../../vault/is-storage-error.ts';
import type { Vault } from '../../vault/vault.ts';
import { type Connection, makeConnection } from '../../xmpp/connection.ts';
import { checkEndpoint, discoverWebSocket } from '../../xmpp/endpoint.ts';
import { THUMBNAIL_FEATURE } from '../../xmpp/extensions/media-sharing.ts';
import type { Contact } from '../../xmpp/roster.ts';
import { XmppError } from '../../xmpp/xmpp-error.ts';
import { createConversationMedia } from '../files/conversation-media.ts';
import { createForwarding } from '../files/forwarding.ts';
import { createMessageFiles, type ShownFiles, unshownFiles } from '../files/message-files.ts';
import { createMessageMedia } from '../files/opened-media.ts';
import { removeFiles } from '../files/remove-files.ts';
import { createSharing } from '../files/sharing.ts';
import { createThumbnailReaders } from '../files/thumbnail-readers.ts';
import { createShareRows } from '../files/upload-store.ts';
import { catchUp } from '../messages/catch-up.ts';
import { createConversations } from '../messages/conversations.ts';
import { createHistory } from '../messages/history.ts';
import { createInbox } from '../messages/inbox.ts';
import { createIncoming } from '../messages/incoming.ts';
import { createMessageKeeper } from '../messages/message-keeper.ts';
import { createOutbox } from '../messages/outbox.ts';
import { ReactionsNotAllowed } from '../messages/reactions-not-allowed.ts';
import { createNotes } from '../messages/receipt-queue.ts';
import { fitsRoughly } from '../messages/rough-size.ts';
import { makeStores } from '../messages/stores.ts';
import { createWriting } from '../messages/writing.ts';
import type { AccountSettings } from '../model/account-settings.ts';
import type { ChatMessage } from '../model/chat-message.ts';
import { isBlank } from '../model/conversation.ts';
import {
	initialState,
	type MessengerState,
	type MissingFeature,
} from '../model/messenger-state.ts';
import { unreachedBy } from '../model/unreached.ts';
import { failureKind } from '../people/failure-kind.ts';
import { createPeopleStore } from '../people/people-store.ts';
import { createProfiles } from '../people/profiles.ts';
import { createRequests } from '../people/subscription-requests.ts';
import { createAccountStore } from './account-store.ts';
import { isLive } from './connection-life.ts';
import { type Credentials, saveCredentials } from './credentials.ts';
import type {
	ChatsArea,
	DevicesArea,
	FilesArea,
	MessagesArea,
	PeopleArea,
} from './messenger-areas.ts';
import { createSessionStart } from './session-start.ts';

export type { StagedShare } from '../../media/staged-share.ts';
export type { DeviceInfo } from '../../omemo/device-info.ts';
export type { Verification } from '../../omemo/peer.ts';
export type { Trust } from '../../omemo/trust.ts';
export type { MessengerState, MissingFeature } from '../model/messenger-state.ts';

/** Milliseconds after which somebody who was typing is taken to have stopped. */
const TYPING_TIME = 30_000;
/** Milliseconds in which the answers to one device become one. */
const ANSWER_DELAY = 300;
/** Characters of a draft that are kept; more than any server takes in one message. */
const MAX_DRAFT = 1_000_000;

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

/** Where an account's server is: as given, else found. Throws XmppError `no-endpoint` or `endpoint-insecure`. */
export async function findEndpoint(
	account: string,
	given: string,
	loopback: boolean,
): Promise<string> {
	const domain = domainOf(account);
	if (given !== '') return checkEndpoint(given, loopback);
	// What `npm start` runs beside the app, on whatever port.
	const isBeside = loopback && domain === 'localhost';
	return checkEndpoint(
		await discoverWebSocket(isBeside ? location.origin : `https://${domain}`),
		loopback,
	);
}

export { registerAccount } from '../../xmpp/extensions/registration/register-account.ts';
export { chooseServer } from './choose-server.ts';

/** Signs in and goes on until closed. */
export function makeMessenger(
	vault: Vault,
	{ account, login, password, url }: Credentials,
	told: {
		/** the server has taken the password */
		online(): void;
		/** the server has refused it, or offers no way that keeps it a secret */
		refused(why: 'auth-failed' | 'no-scram'): void;
		/** how the server writes the account, before it is online */
		bound?(account: string): void;
		/** a copy of this device is online in its place */
		superseded?(): void;
	},
	{
		files = unshownFiles(vault),
		put,
	}: {
		/** where files are shown */
		files?: ShownFiles;
		/** how files are sent, where there is no page */
		put?: PutCiphertext;
	} = {},
): Messenger {
	const [state, setState] = createStore(initialState(account));
	// Nobody else works with them as long as this messenger does.
	const chatRows = cachedRows(vault.chat);
	const stores = makeStores(chatRows, account);
	const people = createPeopleStore(chatRows, account);
	const accountStore = createAccountStore(chatRows, account);
	const serial = createMutex();
	const typingTimers = new Map<string, ReturnType<typeof setTimeout>>();
	let closed = false;
	/** will be contacts as soon as the roster says so; what comes from them until then is theirs already */
	const accepted = new Set<string>();
	const answers = new Map<string, { jid: string; device: number }>();
	let answering: ReturnType<typeof setTimeout> | undefined;
	/** what people show of themselves comes before the contacts are known */
	let earlyProfiles: (() => Promise<void>)[] = [];

	const connection: Connection = makeConnection({
		account,
		login,
		password,
		url,
		mayLearnPresence,
		events: {
			state(next, resumed) {
				setState('connection', next);
				if (next === 'auth-failed' || next === 'no-scram') told.refused(next);
				if (next === 'superseded') told.superseded?.();
				if (next === 'online') told.online();
				start.changed(next, resumed);
				setState('catchingUp', start.life.phase === 'catching-up');
			},
			bound: (bound) => told.bound?.(bound),
			ended: (by) => void outbox.ended(by).catch(report),
			message: (message) => inbox.receive(message),
			acked(id) {
				notes.acknowledged(id);
				void outbox.acknowledged(id).catch(report);
			},
			deviceList: (jid, ids) => void omemo.listChanged(jid, ids).catch(report),
			roster(changed, removed) {
				for (const { jid } of changed) void conversations.accept(jid).catch(report);
				for (const { jid } of changed) accepted.delete(jid);
				for (const jid of removed) accepted.delete(jid);
				setState(
					'contacts',
					produce((contacts) => {
						for (const contact of changed) contacts[contact.jid] = contact;
						for (const jid of removed) delete contacts[jid];
					}),
				);
				setState(
					'unreached',
					produce((unreached) => {
						const answered = changed.filter(({ isPending }) => !isPending);
						for (const jid of [...answered.map((contact) => contact.jid), ...removed])
							delete unreached[jid];
					}),
				);
				// Servers need not say that somebody is away whom we see no more (RFC 6121 section 3.3.3).
				const unseen = changed.filter(({ subscription }) => !['to', 'both'].includes(subscription));
				for (const jid of [...removed, ...unseen.map((contact) => contact.jid)])
					if (jid !== account && state.available[jid]) setState('available', jid, false);
				requests.rosterSays(changed, removed);
				void keepContacts().catch(report);
			},
			avatar: (jid, id, isOld) => onceLive(() => profiles.avatarChanged(jid, id, isOld)),
			nick: (jid, name) => onceLive(() => profiles.nickChanged(jid, name)),
			presence: (jid, available) => setState('available', jid, available),
			blocked(jids, isBlocked) {
				for (const jid of jids) setState('blocked', jid, isBlocked);
			},
			subscriptionRequest: (jid) => requests.came(jid),
			presenceRefused(jid, condition) {
				const why = unreachedBy(condition);
				if (why !== undefined && state.contacts[jid]?.isPending) setState('unreached', jid, why);
			},
		},
	});
	const notes = createNotes({
		get isOnline() {
			return isLive(start.life);
		},
		send: connection.send,
	});
	const requests = createRequests({
		list: () => state.requests,
		show: (jids) => setState('requests', [...jids]),
		accept: (jid) => void connection.roster.accept(jid).catch(report),
	});
	const profiles = createProfiles({
		account,
		store: people,
		connection,
		isContact,
		setState,
	});
	const history = createHistory(
		account,
		stores,
		{
			// What is newest comes from elsewhere, and has its place behind all that is older.
			async fetch(query) {
				await start.whenLive();
				return connection.archive.fetch(query);
			},
		},
		serial,
	);
	const conversations = createConversations({
		stores,
		serial,
		setState,
		history,
		isContact,
		displayed,
		async contentGone(message) {
			await media.remove(message, files.remove).catch(report);
		},
		accepted(peer) {
			// Whoever also asks to be a contact has the same answer; without a connection the server asks again.
			if (state.connection === 'online' && state.requests.includes(peer)) answerRequest(peer, true);
		},
	});
	const omemo: Omemo = createOmemo({
		account,
		rows: createOmemoRows(chatRows, account),
		transport: connection.devices,
		failureKind,
		changed: () => setState('devicesChanged', (count) => count + 1),
	});
	const outbox = createOutbox({
		account,
		stores,
		omemo,
		serial,
		owner: {
			get isReady() {
				return start.life.mayAct;
			},
			get stanzaLimit() {
				return connection.stanzaLimit;
			},
			sizeOf: connection.sizeOf,
			send(stanza) {
				if (!start.life.mayAct) throw new XmppError('offline');
				connection.send(stanza);
			},
			forgetSession: connection.forgetSession,
			keep: conversations.keep,
			report,
		},
	});
	const writing = createWriting({
		account,
		stores,
		outbox,
		serial,
		isPlaintext: (peer) => conversations.find(peer)?.isPlaintext ?? false,
		keep: (message, writes) => conversations.keep(message, false, writes),
		drop: conversations.drop,
	});
	const media = createMessageMedia(chatRows);
	const readers = createThumbnailReaders({
		people,
		omemo,
		supports: (full) => connection.discovery.supports(full, THUMBNAIL_FEATURE),
		settings: () => state.settings,
	});
	const sharing = createSharing({
		account,
		stores,
		shares: createShareRows(chatRows, account),
		media,
		vault,
		connection,
		outbox,
		conversations,
		serial,
		upload: () => state.upload,
		isReady: () =>
			start.life.mayAct && (state.upload !== undefined || state.missing.includes('upload')),
		progress: (key, progress) =>
			setState(
				'shares',
				produce((all) => {
					if (progress === undefined) delete all[key];
					else all[key] = progress;
				}),
			),
		showThumbnail: readers.all,
		report,
		...(put === undefined ? {} : { put }),
	});
	const forwarding = createForwarding({
		account,
		stores,
		media,
		outbox,
		conversations,
		serial,
		showThumbnail: readers.all,
		send: writing.send,
	});
	const process = createIncoming({
		account,
		stores,
		omemo,
		effects: {
			keep: (message, isNew, more) => conversations.keep(message, isNew, more, 'relaxed'),
			takes: conversations.takes,
			bounced: writing.bounced,
			reached: outbox.reached,
			confirmed: async (id) => {
				// Not awaited: it waits for its turn, and this is one.
				void outbox.acknowledged(id).catch(report);
			},
			readElsewhere: conversations.readElsewhere,
			typing,
			heard(jid, full, device) {
				// Who is no contact is not asked: that would tell them that we are there.
				if (isContact(jid)) void readers.heard(jid, full, device).catch(report);
			},
			receipt(to, id) {
				// Who is no contact does not learn that we are there.
				if (!isContact(to)) return;
				notes.add({ id: crypto.randomUUID(), to, receiptFor: id, store: true });
			},
			answer(jid, device) {
				if (mayLearnPresence(jid)) answerSoon(jid, device);
			},
			broken(jid, device) {
				if (mayLearnPresence(jid)) void sendEmpty('heal', jid, device).catch(report);
			},
		},
	});

	const storage = (isFull: boolean) => setState('storage', isFull ? 'full' : 'ok');
	const keeper = createMessageKeeper({ process, serial, listeners: { storage, report } });
	const inbox = createInbox({
		keep: keeper.keep,
		listeners: {
			async kept({ archiveId }) {
				if (!start.followsArchive || archiveId === undefined) return;
				await stores.write([await stores.archive.putPosition(archiveId)], 'relaxed');
			},
			overflowed: connection.restart,
			report,
		},
	});
	const start = createSessionStart({
		steps: {
			async roster() {
				// Whoever was accepted before it was asked is in it, or is none.
				const before = [...accepted];
				setContacts(await connection.roster.fetch());
				for (const jid of before) accepted.delete(jid);
				await keepContacts();
				return true;
			},
			async blocking() {
				const blocked = await connection.blocking.fetch();
				setState('blocked', reconcile(Object.fromEntries(blocked.map((jid) => [jid, true]))));
				return true;
			},
			async pep() {
				await omemo.start();
				return true;
			},
			upload: findUpload,
			archive: readArchive,
		},
		listeners: {
			begins() {
				inbox.hold();
				outbox.begin();
			},
			mayAct(isNew) {
				void outbox.flush(isNew).catch(report);
				sharing.flush();
			},
			live(isNew) {
				setState('catchingUp', false);
				inbox.open();
				const early = earlyProfiles;
				earlyProfiles = [];
				for (const work of early) work().catch(report);
				notes.flush(isNew);
				if (isNew) profiles.lookUp([account, ...Object.keys(state.contacts)]).catch(report);
			},
			missing(step, isMissing, isSilent) {
				// Where files went before they may go now.
				if (step !== 'upload' || !isSilent) setMissing(step, isMissing);
			},
			storage,
			report,
		},
	});

	/** What goes wrong here is told where it matters: a message that failed, a connection that is gone. */
	function report(thrown: unknown): void {
		if (thrown instanceof XmppError || isStorageError(thrown)) return;
		if (thrown instanceof OmemoError && thrown.code === 'unavailable') return;
		reportError(new Error(thrown instanceof Error ? thrown.name : 'unknown', { cause: thrown }));
	}

	function answerRequest(jid: string, accept: boolean): void {
		requests.decided(jid);
		if (!accept) {
			connection.roster.deny(jid).catch(report);
			return;
		}
		accepted.add(jid);
		connection.roster.add(jid).catch((thrown: unknown) => {
			accepted.delete(jid);
			report(thrown);
		});
	}

	function onceLive(work: () => Promise<void>): void {
		if (isLive(start.life)) work().catch(report);
		else earlyProfiles.push(work);
	}

	function setMissing(feature: MissingFeature, isMissing: boolean): void {
		setState('missing', (before) => [
			...before.filter((other) => other !== feature),
			...(isMissing ? [feature] : []),
		]);
	}

	function setContacts(contacts: readonly Contact[]): void {
		const byJid = Object.fromEntries(contacts.map((contact) => [contact.jid, contact]));
		setState('contacts', reconcile(byJid));
		requests.rosterSays(contacts);
		// Added by another device while this one was away.
		for (const { jid } of contacts)
			if (conversations.find(jid)?.isRequest) void conversations.accept(jid).catch(report);
	}

	/** Names, and who is a contact, are needed without a connection, too. */
	async function keepContacts(): Promise<void> {
		await stores.write([await people.putContacts(Object.values(unwrap(state.contacts)))]);
	}

	function displayed(message: ChatMessage): void {
		if (message.isMarkable !== true || !isContact(message.peer)) return;
		const { peer: to, id: displayedId } = message;
		notes.add({ id: crypto.randomUUID(), to, displayedId, store: true });
	}

	function typing(peer: string, types: boolean): void {
		clearTimeout(typingTimers.get(peer));
		setState('typing', peer, types);
		if (types)
			typingTimers.set(
				peer,
				setTimeout(() => setState('typing', peer, false), TYPING_TIME),
			);
	}

	/** Ourselves, somebody in the roster, or who is about to be. */
	function isContact(jid: string): boolean {
		return jid === account || state.contacts[jid] !== undefined || accepted.has(jid);
	}

	/** Ourselves, a contact, or somebody we wrote to or accepted, unless blocked: nobody else learns that we are there. */
	function mayLearnPresence(jid: string): boolean {
		if (jid === account) return true;
		if (state.blocked[jid] === true) return false;
		if (isContact(jid)) return true;
		const conversation = conversations.find(jid);
		// What was only begun to be written, or chosen, tells nobody anything.
		return conversation !== undefined && conversation.isRequest !== true && !isBlank(conversation);
	}

	/** Several messages that begin a session get one answer. */
	function answerSoon(jid: string, device: number): void {
		answers.set(`${jid}/${device}`, { jid, device });
		answering ??= setTimeout(() => {
			answering = undefined;
			const all = [...answers.values()];
			answers.clear();
			for (const answer of all) void sendEmpty('answer', answer.jid, answer.device).catch(report);
		}, ANSWER_DELAY);
	}

	async function sendEmpty(what: 'answer' | 'heal', jid: string, device: number): Promise<void> {
		await omemo[what](jid, device, async (encrypted, writes) => {
			await stores.write(writes);
			notes.add({ id: crypto.randomUUID(), to: jid, encrypted, store: true });
		});
	}

	/** Where files go: the last answer serves until there is a new one. */
	async function findUpload(): Promise<boolean> {
		const upload = await connection.upload.findService();
		setState('upload', upload);
		await stores.write([await accountStore.putUploadService(upload)]);
		sharing.flush();
		return upload !== undefined;
	}

	/** Reads what came while we were away. */
	async function readArchive(isCurrent: () => boolean): Promise<boolean> {
		const read = await catchUp(stores, connection.archive, async (message) => {
			if (!(await keeper.keep(message, isCurrent))) throw new XmppError('offline');
		});
		setMissing('archive-stuck', read !== 'whole');
		// What comes live must not move the position past the rest, which is asked for in a while.
		if (read === 'unfinished') throw new XmppError('timeout');
		return true;
	}

	async function load(): Promise<void> {
		setState('settings', await accountStore.settings());
		setContacts(await people.contacts());
		await profiles.load();
		await conversations.load();
		setState('upload', await accountStore.uploadService());
		await sharing.load();
		const resource = await accountStore.resource();
		if (!closed) connection.connect(resource);
	}

	const { bounced: _, ...saying } = writing;
	load().catch(report);
	return {
		state,
		messages: {
			...saying,
			async react(message, emojis) {
				if (message.isEncrypted && !state.settings.reactsInClear) throw new ReactionsNotAllowed();
				await writing.react(message, emojis);
			},
			current: ({ key }) => stores.messages.get(key),
			async answered({ peer, replyTo }) {
				if (replyTo === undefined) return undefined;
				const { id, key } = replyTo;
				return key === undefined
					? stores.messages.namedByEither(peer, id)
					: stores.messages.get(key);
			},
			discard: ({ key }) =>
				serial(async () => {
					const message = await stores.messages.get(key);
					const { state: delivery, isCorrected, isRetracted } = message ?? {};
					// What was changed had been sent before.
					if (message && delivery === 'failed' && !isCorrected && !isRetracted)
						await conversations.drop(message);
				}),
			setTyping(peer, types) {
				if (state.contacts[peer] === undefined) return;
				const chatState = types ? ('composing' as const) : ('active' as const);
				if (state.connection === 'online')
					connection.send({ id: crypto.randomUUID(), to: peer, chatState, store: false });
			},
			fits: (peer, text) =>
				fitsRoughly(text, conversations.find(peer)?.isPlaintext !== true, connection.stanzaLimit),
		},
		chats: {
			timeline: conversations.timeline,
			open: conversations.open,
			setAtEnd: (now) => void conversations.setAtEnd(now).catch(report),
			setDraft: (peer, draft) =>
				conversations.change(peer, (before) => ({ ...before, draft: cutText(draft, MAX_DRAFT) })),
			accept: conversations.accept,
			async remove(peer) {
				accepted.delete(peer);
				await removeFiles(peer, { stores, media }, files.remove);
				await conversations.remove(peer);
			},
			setPlaintext: (peer, isPlaintext) =>
				conversations.change(peer, (before) => ({ ...before, isPlaintext })),
			setLoading: (peer, loads) => conversations.change(peer, (before) => ({ ...before, loads })),
		},
		files: {
			share: sharing.share,
			cancelShare: sharing.cancelShare,
			retryShare: sharing.retryShare,
			...createMessageFiles({
				...{ state, media, shown: files, localFile: sharing.localFile },
				current: ({ key }) => stores.messages.get(key),
			}),
			idOf: media.idOf,
			...forwarding,
			...createConversationMedia(stores),
			staged: () => readStaged(vault, account),
			claimStaged: () => claimStaged(vault, account),
			dropStaged: () => dropStaged(vault, account),
		},
		people: {
			async addContact(jid, name) {
				await connection.roster.add(jid, name);
				await conversations.change(jid, (before) => ({
					...before,
					lastTime: before.lastTime === 0 ? Date.now() : before.lastTime,
				}));
			},
			removeContact(jid) {
				accepted.delete(jid);
				return connection.roster.remove(jid);
			},
			renameContact: (jid, name) => connection.roster.rename(jid, name),
			setOwnAvatar: profiles.setOwnAvatar,
			setOwnName: profiles.setOwnNick,
			async setBlocked(jid, isBlocked) {
				const asks = isBlocked && state.requests.includes(jid);
				if (isBlocked) accepted.delete(jid);
				// Before: what the server blocks it does not answer either.
				if (asks && state.connection === 'online') void connection.roster.deny(jid).catch(report);
				await connection.blocking.set(jid, isBlocked);
				if (asks) requests.decided(jid);
				setState('blocked', jid, isBlocked);
			},
			answerRequest,
		},
		devices: {
			of: (jid) => omemo.devices(jid),
			async learn(jid) {
				// Their server would learn that somebody is there.
				if (mayLearnPresence(jid)) await omemo.learn(jid).catch(report);
			},
			setTrust: (jid, fingerprint, trust) => omemo.setTrust(jid, fingerprint, trust),
			verify: (jid, devices) => omemo.verify(jid, devices),
			forget: (jid, fingerprint) => omemo.forget(jid, fingerprint),
			dismiss: (id) => omemo.dismiss(id),
		},
		async changeSettings(patch) {
			const settings = { ...state.settings, ...patch };
			await stores.write([await accountStore.putSettings(settings)]);
			setState('settings', settings);
		},
		async changePassword(next) {
			await connection.registration.changePassword(next);
			await saveCredentials(vault.chat, {
				account,
				...(login === undefined ? {} : { login }),
				password: next,
				url,
			});
		},
		setVisible(now) {
			connection.setActive(now);
			void conversations.setVisible(now).catch(report);
		},
		leave: () => omemo.leave(),
		wake: () => connection.wake(),
		async close() {
			closed = true;
			clearTimeout(answering);
			omemo.close();
			keeper.close();
			inbox.close();
			start.close();
			outbox.close();
			const shared = sharing.close();
			profiles.close();
			for (const timer of typingTimers.values()) clearTimeout(timer);
			await connection.close();
			await shared;
		},
	};
}
