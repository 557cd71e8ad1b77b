import type { Bytes } from '../../core/bytes.ts';
import { isWithin } from '../../core/clock.ts';
import { type AvatarImage, avatarId, checkAvatar } from '../../core/formats/pictures/avatar.ts';
import type { Connection } from '../../xmpp/connection.ts';
import { fetchProfile } from '../../xmpp/fetch-profile.ts';
import { XmppError } from '../../xmpp/xmpp-error.ts';
import type { ProfileRow } from './people-store.ts';

const HOUR = 60 * 60 * 1000;
/** Milliseconds after which somebody is looked at again, and after which one is whose server did not answer. */
const CARD_TIME = 7 * 24 * HOUR;
const FAILURE_TIME = 6 * HOUR;

/** Fetches what people show of themselves: what they publish, else their visiting card. */
export interface ProfileLookup {
	fetchPublished(jid: string, id: string): Promise<Partial<ProfileRow>>;
	fetchCard(jid: string): Promise<{ name?: string; avatar?: AvatarImage }>;
	/**
	 * All that one person shows, beside what was known before; undefined if they were asked not long ago. A server that does not
	 * answer is remembered, and what came before that is kept. Throws XmppError `offline`.
	 */
	look(jid: string, before: ProfileRow): Promise<Partial<ProfileRow> | undefined>;
}

export function createProfileLookup({
	connection,
	shrink,
	now,
}: {
	connection: Pick<Connection, 'avatars' | 'nicknames' | 'visitingCards'>;
	/** as it is kept; undefined for what cannot be shown */
	shrink(image: AvatarImage): Promise<AvatarImage | undefined>;
	now(): number;
}): ProfileLookup {
	async function readAvatar(bytes: Bytes, id: string): Promise<AvatarImage | undefined> {
		const image = await checkAvatar(bytes, id);
		return image && shrink(image);
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

	async function look(jid: string, before: ProfileRow): Promise<Partial<ProfileRow> | undefined> {
		if (isWithin(before.cardAt, CARD_TIME, now())) return undefined;
		if (isWithin(before.failedAt, FAILURE_TIME, now())) return undefined;
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
			return { ...found, cardAt: now() };
		} catch (thrown) {
			if (!(thrown instanceof XmppError) || thrown.code === 'offline') throw thrown;
			return { ...found, failedAt: now() };
		}
	}

	return { fetchPublished, fetchCard, look };
}

/** Adds an answer to a profile. A push that came while we asked is newer than the answer, and stays. */
export function withFound(
	row: ProfileRow,
	before: ProfileRow,
	found: Partial<ProfileRow>,
): ProfileRow {
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
