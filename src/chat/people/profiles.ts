import { reconcile, type SetStoreFunction } from 'solid-js/store';
import { createMutex } from '../../core/async/mutex.ts';
import type { Bytes } from '../../core/bytes.ts';
import {
	type AvatarImage,
	avatarFit,
	avatarId,
	checkAvatar,
} from '../../core/formats/pictures/avatar.ts';
import type { Connection } from '../../xmpp/connection.ts';
import { XmppError } from '../../xmpp/xmpp-error.ts';
import type { MessengerState } from '../model/messenger-state.ts';
import { createAvatarUrls } from './avatar-urls.ts';
import type { PeopleStore, ProfileRow } from './people-store.ts';
import { createPersonTurns } from './person-turns.ts';
import { createProfileLookup, withFound } from './profile-lookup.ts';
import { shrinkAvatar } from './shrink-avatar.ts';

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
	/** the picture that was named last, by person and place: an older one is not fetched any more */
	const latest = new Map<string, string>();
	let isClosed = false;
	const urls = createAvatarUrls();
	const { inTurn, ask } = createPersonTurns(() => isClosed);
	const lookup = createProfileLookup({ connection, shrink, now });

	function show(jid: string, { nick, cardName, avatar }: ProfileRow): void {
		const name = nick || cardName;
		const url = urls.urlOf(jid, avatar);
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

	async function lookAt(jid: string): Promise<void> {
		const before = await store.profile(jid);
		const found = await lookup.look(jid, before);
		if (found !== undefined) await change(jid, (row) => withFound(row, before, found));
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
				const { avatar } = isOld
					? await lookup.fetchCard(jid)
					: await lookup.fetchPublished(jid, id);
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
			urls.close();
		},
	};
}
