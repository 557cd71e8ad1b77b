import { reconcile, type SetStoreFunction } from 'solid-js/store';
import { type AvatarImage, avatarId, checkAvatar } from '../../core/avatar.ts';
import type { Bytes } from '../../core/bytes.ts';
import { createMutex } from '../../core/mutex.ts';
import type { Connection } from '../../xmpp/connection.ts';
import type { MessageRows } from './message-rows.ts';
import type { MessengerState } from './messenger-state.ts';

/** Milliseconds after which somebody is looked at again. */
const CARD_TIME = 7 * 24 * 60 * 60 * 1000;

/** What somebody shows of themselves, as it is kept. */
export interface ProfileRow {
	/** as they call themselves */
	readonly nick?: string;
	/** of their visiting card */
	readonly cardName?: string;
	readonly avatar?: AvatarImage;
	/** the picture came from the newer of the two places (XEP-0084), which holds against the older (XEP-0153) */
	readonly isPublished?: boolean;
	/** when they were last looked at, milliseconds since the epoch */
	readonly cardAt?: number;
}

/** Names and pictures of our contacts and ourselves: kept, and shown as they change. */
export interface Profiles {
	load(): Promise<void>;
	avatarChanged(jid: string, id: string, isOld: boolean): Promise<void>;
	nickChanged(jid: string, nick: string): Promise<void>;
	/**
	 * Looks now and then at what people publish, which not every server pushes if they are away (ejabberd does not), and at
	 * the visiting cards of those who publish no name. Throws XmppError.
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
	rows,
	connection,
	isKnown,
	setState,
	now = Date.now,
}: {
	account: string;
	rows: MessageRows;
	connection: Pick<
		Connection,
		'fetchAvatar' | 'fetchProfile' | 'fetchVisitingCard' | 'publishAvatar' | 'publishNick'
	>;
	/** a contact, or we ourselves: nobody else's picture is fetched */
	isKnown(jid: string): boolean;
	setState: SetStoreFunction<MessengerState>;
	now?: () => number;
}): Profiles {
	const serial = createMutex();
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

	async function change(jid: string, work: (before: ProfileRow) => ProfileRow): Promise<void> {
		const after = work(await rows.profile(jid));
		await rows.write([await rows.putProfile(jid, after)]);
		show(jid, after);
	}

	async function keepAvatar(
		jid: string,
		id: string,
		bytes: Bytes | undefined,
		isPublished: boolean,
	): Promise<void> {
		const avatar = bytes === undefined ? undefined : await checkAvatar(bytes, id);
		if (avatar !== undefined) await change(jid, (before) => ({ ...before, avatar, isPublished }));
	}

	return {
		async load() {
			for (const [jid, row] of await rows.profiles()) show(jid, row);
		},
		avatarChanged: (jid, id, isOld) =>
			serial(async () => {
				if (!isKnown(jid)) return;
				const before = await rows.profile(jid);
				if (before.avatar?.id === id || (isOld && before.isPublished === true)) return;
				if (isOld)
					await keepAvatar(jid, id, (await connection.fetchVisitingCard(jid)).photo, false);
				else if (id !== '') await keepAvatar(jid, id, await connection.fetchAvatar(jid, id), true);
				else await change(jid, ({ avatar: _, ...rest }) => ({ ...rest, isPublished: false }));
			}),
		nickChanged: (jid, nick) =>
			serial(async () => {
				if (isKnown(jid)) await change(jid, (before) => ({ ...before, nick }));
			}),
		async lookUp(jids) {
			for (const jid of jids)
				await serial(async () => {
					const before = await rows.profile(jid);
					if (now() - (before.cardAt ?? 0) < CARD_TIME) return;
					const { nick = before.nick, avatarId: published } = await connection.fetchProfile(jid);
					if (published && published !== before.avatar?.id)
						await keepAvatar(jid, published, await connection.fetchAvatar(jid, published), true);
					const { name, photo } = nick ? {} : await connection.fetchVisitingCard(jid);
					const id = photo === undefined ? '' : await avatarId(photo);
					const image = photo === undefined ? undefined : await checkAvatar(photo, id);
					await change(jid, (row) => ({
						...row,
						cardAt: now(),
						...(nick === undefined ? {} : { nick }),
						...(name === undefined ? {} : { cardName: name }),
						...(image !== undefined && row.avatar === undefined ? { avatar: image } : {}),
					}));
				});
		},
		setOwnAvatar: (bytes) =>
			serial(async () => {
				const avatar =
					bytes === undefined ? undefined : await checkAvatar(bytes, await avatarId(bytes));
				if (bytes !== undefined && avatar === undefined) throw new TypeError('no picture');
				await connection.publishAvatar(avatar);
				await change(account, ({ avatar: _, ...before }) => ({
					...before,
					isPublished: avatar !== undefined,
					...(avatar === undefined ? {} : { avatar }),
				}));
			}),
		setOwnNick: (nick) =>
			serial(async () => {
				await connection.publishNick(nick);
				await change(account, (before) => ({ ...before, nick }));
			}),
		close() {
			for (const { url } of urls.values()) URL.revokeObjectURL(url);
			urls.clear();
		},
	};
}
