import type { Agent } from 'stanza';
import type { Bytes } from '../core/bytes.ts';
import type { AvatarImage } from '../core/formats/pictures/avatar.ts';
import {
	readAvatarData,
	readAvatarMetadata,
	readNick,
	readVisitingCard,
	type VisitingCard,
} from './read-profile.ts';
import { stanzaBytes } from './stanza-bytes.ts';
import { asXmppError, isPassing, type XmppError } from './xmpp-error.ts';

export const AVATAR_METADATA = 'urn:xmpp:avatar:metadata';
const AVATAR_DATA = 'urn:xmpp:avatar:data';
export const NICK = 'http://jabber.org/protocol/nick';

/**
 * Pictures and names, of others and our own. Each throws XmppError: `offline` where nobody can be asked now, `timeout` and
 * a `refused` that may pass where this one could not be.
 */
export interface ProfileRequests {
	/** undefined if it is not there, or not for us (XEP-0084 section 3.3). */
	fetchAvatar(jid: string, id: string): Promise<Bytes | undefined>;
	/**
	 * What somebody publishes: their name, and that of their picture, '' for none any more; only what is there and for us
	 * (XEP-0172 section 4.3, XEP-0084 section 4.2). `failure`: why one of them could not be had, where the other could.
	 */
	fetchProfile(jid: string): Promise<PublishedProfile>;
	/** Empty if there is none (XEP-0054 section 3.1). */
	fetchVisitingCard(jid: string): Promise<VisitingCard>;
	/** Shows our contacts a picture, or that there is none any more. */
	publishAvatar(image: AvatarImage | undefined): Promise<void>;
	/** Tells our contacts what we call ourselves; '' for nothing any more (XEP-0172 section 4.3). */
	publishNick(nick: string): Promise<void>;
}

/** The name and picture that somebody publishes, as far as they could be asked for. */
interface PublishedProfile {
	readonly nick?: string;
	readonly avatarId?: string;
	/** it passes */
	readonly failure?: XmppError;
}

export function createProfileRequests({
	agent,
	request,
	fetchItem,
	publish,
}: {
	agent: Pick<Agent, 'getItem' | 'getVCard'>;
	/** Waits for an answer, and turns what stanza rejects with into an XmppError. */
	request<T>(work: Promise<T>): Promise<T>;
	/** undefined for nothing */
	fetchItem(jid: string, node: string): Promise<unknown>;
	publish(node: string, content: { itemType: string }, id: string): Promise<void>;
}): ProfileRequests {
	/** undefined where the request is refused for good: nothing is there for us. */
	async function whereThere<T>(work: Promise<T>): Promise<T | undefined> {
		try {
			return await work;
		} catch (thrown) {
			const error = asXmppError(thrown);
			if (error.code === 'refused' && !isPassing(error)) return undefined;
			throw error;
		}
	}

	return {
		async fetchAvatar(jid, id) {
			const item = await whereThere(request(agent.getItem(jid, AVATAR_DATA, id)));
			return item && readAvatarData(item.content);
		},
		async fetchProfile(jid) {
			const published = async (node: string, read: (content: unknown) => string | undefined) => {
				const content = await whereThere(fetchItem(jid, node));
				return content === undefined ? undefined : read(content);
			};
			const answers = await Promise.allSettled([
				published(NICK, readNick),
				published(AVATAR_METADATA, readAvatarMetadata),
			]);
			const failures = answers.flatMap((answer) =>
				answer.status === 'rejected' ? [asXmppError(answer.reason)] : [],
			);
			const [failure] = failures;
			const offline = failures.find(({ code }) => code === 'offline');
			if (offline !== undefined) throw offline;
			if (failure !== undefined && failures.length === answers.length) throw failure;
			const [nick, avatarId] = answers.map((answer) =>
				answer.status === 'fulfilled' ? answer.value : undefined,
			);
			return {
				...(nick === undefined ? {} : { nick }),
				...(avatarId === undefined ? {} : { avatarId }),
				...(failure === undefined ? {} : { failure }),
			};
		},
		async fetchVisitingCard(jid) {
			const card = await whereThere(request(agent.getVCard(jid)));
			return card === undefined ? {} : readVisitingCard(card);
		},
		async publishAvatar(image) {
			const metadata = (versions: readonly object[]) => ({ itemType: AVATAR_METADATA, versions });
			if (image === undefined) return publish(AVATAR_METADATA, metadata([]), 'current');
			const { id, bytes, type: mediaType, width, height } = image;
			const data = { itemType: AVATAR_DATA, data: stanzaBytes(bytes) };
			await publish(AVATAR_DATA, data, id);
			const version = { id, mediaType, width, height, bytes: bytes.length };
			await publish(AVATAR_METADATA, metadata([version]), id);
		},
		publishNick: (nick) => {
			const content = { itemType: NICK, nick };
			return publish(NICK, content, 'current');
		},
	};
}
