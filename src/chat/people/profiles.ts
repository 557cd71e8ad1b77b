import { reconcile, type SetStoreFunction } from 'solid-js/store';
import { createMutex, type Mutex } from '../../core/async/mutex.ts';
import { settledWithin } from '../../core/async/settled-within.ts';
import { createSlots } from '../../core/async/slots.ts';
import type { Bytes } from '../../core/bytes.ts';
import { isWithin } from '../../core/clock.ts';
import {
	type AvatarImage,
	avatarFit,
	avatarId,
	checkAvatar,
} from '../../core/formats/pictures/avatar.ts';
import type { Connection } from '../../xmpp/connection.ts';
import { fetchProfile } from '../../xmpp/fetch-profile.ts';
import { XmppError } from '../../xmpp/xmpp-error.ts';
import type { MessengerState } from '../model/messenger-state.ts';
import type { PeopleStore, ProfileRow } from './people-store.ts';
import { shrinkAvatar } from './shrink-avatar.ts';

const HOUR = 60 * 60 * 1000;
/** Milliseconds after which somebody is looked at again, and after which one is whose server did not answer. */
const CARD_TIME = 7 * 24 * HOUR;
const FAILURE_TIME = 6 * HOUR;
/** People who are asked at once; one who is slow makes room for the next after `SLOT_TIME` milliseconds. */
const REQUESTS = 6;
const SLOT_TIME = 3000;

/** Names and pictures of our contacts and ourselves: kept, and shown as they change. */
export interface Profiles {
	load(): Promise<void>;
	avatarChanged(jid: string, id: string, isOld: boolean): Promise<void>;
	nickChanged(jid: string, nick: string): Promise<void>;
	/**
	 * Looks now and then at what people publish, which not every server pushes if they are away (ejabberd does not), and at
	 * the visiting cards of those who publish no name. Several are asked at once; who does not answer is left for later.
	 * Throws XmppError `offline`.
	 */
	lookUp(jids: readonly string[]): Promise<void>;
	/** Shows our contacts a picture of ours, or none any more; its bytes as they are published. Throws XmppError. */
	setOwnAvatar(bytes: Bytes | undefined): Promise<void>;
	/** Throws XmppError. */
	setOwnNick(nick: string): Promise<void>;
	close(): void;
}

export function createProfiles({
	account,
	store,
	connection,
	isContact,
	setState,
	shrink = shrinkAvatar,
	now = Date.now,
}: {
	account: string;
	store: PeopleStore;
	connection: Pick<Connection, 'avatars' | 'nicknames' | 'visitingCards'>;
	/** a contact, or we ourselves: nobody else's picture is fetched */
	isContact(jid: string): boolean;
	setState: SetStoreFunction<MessengerState>;
	/** as it is kept; undefined for what cannot be shown */
	shrink?: (image: AvatarImage) => Promise<AvatarImage | undefined>;
	now?: () => number;
}): Profiles {
	/** what is read and written back, without anything that waits for a server in between */
	const serial = createMutex();
	/** requests to one person go in order, and nobody waits for another's */
	const turns = new Map<string, Mutex>();
	const slots = createSlots(REQUESTS);
	/** the picture that was named last, by person and place: an older one is not fetched any more */
	const latest = new Map<string, string>();
	let isClosed = false;
	const urls = new Map<string, { id: string; url: string }>();

	function urlOf(jid: string, avatar: AvatarImage | undefined): string | undefined {
		const before = urls.get(jid);
		if (before?.id === avatar?.id) return before?.url;
		if (before !== undefined) URL.revokeObjectURL(before.url);
		urls.delete(jid);
		if (avatar === undefined) return undefined;
		const url = URL.createObjectURL(new Blob([avatar.bytes], { type: avatar.type }));
		urls.set(jid, { id: avatar.id, url });
		return url;
	}

	function show(jid: string, { nick, cardName, avatar }: ProfileRow): void {
		const name = nick || cardName;
		const url = urlOf(jid, avatar);
		const profile = {
			...(name === undefined ? {} : { name }),
			...(url === undefined ? {} : { avatar: url }),
		};
		setState('profiles', jid, reconcile(profile));
	}

	function change(jid: string, work: (before: ProfileRow) => ProfileRow): Promise<void> {
		return serial(async () => {
			if (isClosed) return;
			const before = await store.profile(jid);
			const after = work(before);
			if (after === before) return;
			await store.write([await store.putProfile(jid, after)]);
			show(jid, after);
		});
	}

	function inTurn<T>(jid: string, work: () => Promise<T>): Promise<T> {
		const turn = turns.get(jid) ?? createMutex();
		turns.set(jid, turn);
		return turn(work);
	}

	/** Asks somebody's server something, when it is their turn and not too many others are asked. */
	function ask(jid: string, work: () => Promise<void>): Promise<void> {
		return inTurn(jid, async () => {
			let asking: Promise<void> | undefined;
			await slots(async () => {
				if (isClosed) return;
				asking = work();
				await settledWithin(asking, SLOT_TIME);
			});
			await asking;
		});
	}

	async function readAvatar(bytes: Bytes, id: string): Promise<AvatarImage | undefined> {
		const image = await checkAvatar(bytes, id);
		return image && shrink(image);
	}

	/** A picture of an older version was kept as it came. */
	async function shrinkKept(jid: string, { avatar }: ProfileRow): Promise<void> {
		const small = avatar && (await shrink(avatar));
		if (small === avatar) return;
		await change(jid, (row) => {
			if (row.avatar?.id !== avatar?.id) return row;
			const { avatar: _, ...rest } = row;
			return small === undefined ? rest : { ...rest, avatar: small };
		});
	}

	async function fetchPublished(jid: string, id: string): Promise<Partial<ProfileRow>> {
		const bytes = await connection.avatars.fetch(jid, id);
		const avatar = bytes && (await readAvatar(bytes, id));
		return avatar === undefined ? {} : { avatar, isPublished: true };
	}

	async function fetchCard(jid: string): Promise<{ name?: string; avatar?: AvatarImage }> {
		const { name, photo } = await connection.visitingCards.fetch(jid);
		const avatar = photo && (await readAvatar(photo, await avatarId(photo)));
		return {
			...(name === undefined ? {} : { name }),
			...(avatar === undefined ? {} : { avatar }),
		};
	}

	/** Adds an answer to a profile. A push that came while we asked is newer than the answer, and stays. */
	function withFound(row: ProfileRow, before: ProfileRow, found: Partial<ProfileRow>): ProfileRow {
		const { nick, avatar, isPublished, ...rest } = found;
		const isAvatarOpen = row.avatar?.id === before.avatar?.id;
		const takesAvatar = avatar && isAvatarOpen && (isPublished || row.avatar === undefined);
		return {
			...row,
			...rest,
			...(nick !== undefined && row.nick === before.nick ? { nick } : {}),
			...(takesAvatar ? { avatar, ...(isPublished && { isPublished }) } : {}),
		};
	}

	/** Looks at one person; a server that does not answer is remembered, and what came before that is kept. */
	async function lookAt(jid: string): Promise<void> {
		const before = await store.profile(jid);
		if (isWithin(before.cardAt, CARD_TIME, now())) return;
		if (isWithin(before.failedAt, FAILURE_TIME, now())) return;
		let found: Partial<ProfileRow> = {};
		try {
			const profile = await fetchProfile(connection, jid);
			const { nick = before.nick, avatarId: published, failure } = profile;
			if (nick !== undefined) found = { nick };
			if (published && published !== before.avatar?.id)
				found = { ...found, ...(await fetchPublished(jid, published)) };
			// They may publish a name, which holds against that of the card.
			if (failure !== undefined) throw failure;
			if (!nick) {
				const { name, avatar } = await fetchCard(jid);
				if (name !== undefined) found = { ...found, cardName: name };
				if (avatar !== undefined && found.avatar === undefined) found = { ...found, avatar };
			}
			found = { ...found, cardAt: now() };
		} catch (thrown) {
			if (!(thrown instanceof XmppError) || thrown.code === 'offline') throw thrown;
			found = { ...found, failedAt: now() };
		}
		await change(jid, (row) => withFound(row, before, found));
	}

	return {
		async load() {
			const kept = await store.profiles();
			for (const [jid, row] of kept) {
				const { avatar, ...rest } = row;
				// Before it is shown, its size is looked at, as its bytes say it.
				const isShown = avatar !== undefined && ['small', 'large'].includes(avatarFit(avatar));
				show(jid, isShown ? row : rest);
			}
			const large = kept.filter(([, { avatar }]) => avatar && avatarFit(avatar) !== 'small');
			void (async () => {
				for (const [jid, row] of large) await shrinkKept(jid, row);
			})().catch(() => undefined);
		},
		async avatarChanged(jid, id, isOld) {
			if (!isContact(jid)) return;
			const place = `${jid} ${isOld}`;
			latest.set(place, id);
			await ask(jid, async () => {
				if (latest.get(place) !== id) return;
				const before = await store.profile(jid);
				if (before.avatar?.id === id || (isOld && before.isPublished === true)) return;
				if (!isOld && id === '') {
					await change(jid, ({ avatar: _, ...rest }) => ({ ...rest, isPublished: false }));
					return;
				}
				const { avatar } = isOld ? await fetchCard(jid) : await fetchPublished(jid, id);
				if (avatar !== undefined)
					await change(jid, (row) => ({ ...row, avatar, isPublished: !isOld }));
			});
		},
		nickChanged: async (jid, nick) => {
			if (isContact(jid)) await change(jid, (before) => ({ ...before, nick }));
		},
		async lookUp(jids) {
			let isOffline = false;
			const looking = jids.map((jid) =>
				ask(jid, async () => {
					// The others would only learn the same.
					if (isOffline) return;
					try {
						await lookAt(jid);
					} catch (thrown) {
						isOffline = thrown instanceof XmppError;
						throw thrown;
					}
				}),
			);
			for (const result of await Promise.allSettled(looking))
				if (result.status === 'rejected') throw result.reason;
		},
		setOwnAvatar: (bytes) =>
			inTurn(account, async () => {
				const avatar =
					bytes === undefined ? undefined : await checkAvatar(bytes, await avatarId(bytes));
				if (bytes !== undefined && avatar === undefined) throw new TypeError('no picture');
				await connection.avatars.publish(avatar);
				const kept = avatar && ((await shrink(avatar)) ?? avatar);
				await change(account, ({ avatar: _, ...before }) => ({
					...before,
					isPublished: avatar !== undefined,
					...(kept === undefined ? {} : { avatar: kept }),
				}));
			}),
		setOwnNick: (nick) =>
			inTurn(account, async () => {
				await connection.nicknames.publish(nick);
				await change(account, (before) => ({ ...before, nick }));
			}),
		close() {
			isClosed = true;
			for (const { url } of urls.values()) URL.revokeObjectURL(url);
			urls.clear();
		},
	};
}
