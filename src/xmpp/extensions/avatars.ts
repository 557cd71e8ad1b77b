// User Avatar, XEP-0084 version 1.1.4

import { type Bytes, toBytes } from '../../core/bytes.ts';
import { type AvatarImage, isAvatarId } from '../../core/formats/pictures/avatar.ts';
import type { Line } from '../line.ts';
import { stanzaBytes } from '../stanza-bytes.ts';
import { fields } from '../untrusted.ts';
import type { Extension } from './extension.ts';
import { fetchItem, publishItem, whereThere } from './pep.ts';

const METADATA = 'urn:xmpp:avatar:metadata';
const DATA = 'urn:xmpp:avatar:data';
const MAX_VERSIONS = 20;

export interface AvatarRequests {
	/** The name of somebody's picture, '' for none any more (section 4.2); undefined if it is not there, or not for us. */
	fetchId(jid: string): Promise<string | undefined>;
	/** undefined if it is not there, or not for us (section 3.3). */
	fetch(jid: string, id: string): Promise<Bytes | undefined>;
	/** Shows our contacts a picture, or that there is none any more. */
	publish(image: AvatarImage | undefined): Promise<void>;
}

/**
 * The picture that metadata announces (section 4.2): the first one that lies in the account's own node; '' if it announces
 * that there is none; undefined for nonsense.
 */
export function readAvatarMetadata(content: unknown): string | undefined {
	const { versions } = fields(content);
	if (versions === undefined) return '';
	if (!Array.isArray(versions)) return undefined;
	const own = versions
		.slice(0, MAX_VERSIONS)
		.map(fields)
		// Whatever lies elsewhere would have to be fetched there: its host would learn who looks.
		.find(({ id, uri }) => isAvatarId(id) && uri === undefined);
	if (own === undefined) return versions.length === 0 ? '' : undefined;
	return own['id'] as string;
}

/** The bytes of a data node's item. */
export function readAvatarData(content: unknown): Bytes | undefined {
	const { data } = fields(content);
	return data instanceof Uint8Array ? toBytes(data) : undefined;
}

async function publish(line: Line, image: AvatarImage | undefined): Promise<void> {
	const metadata = (versions: readonly object[]) => ({ itemType: METADATA, versions });
	if (image === undefined) return publishItem(line, METADATA, metadata([]), 'current');
	const { id, bytes, type: mediaType, width, height } = image;
	const data = { itemType: DATA, data: stanzaBytes(bytes) };
	await publishItem(line, DATA, data, id);
	const version = { id, mediaType, width, height, bytes: bytes.length };
	await publishItem(line, METADATA, metadata([version]), id);
}

function avatarRequests(line: Line): AvatarRequests {
	return {
		async fetchId(jid) {
			const content = await whereThere(fetchItem(line, jid, METADATA));
			return content === undefined ? undefined : readAvatarMetadata(content);
		},
		async fetch(jid, id) {
			const item = await whereThere(line.request(line.agent.getItem(jid, DATA, id)));
			return item && readAvatarData(item.content);
		},
		async publish(image) {
			await publish(line, image);
			// Servers put its hash into presence, which is how older clients learn of it (XEP-0153, XEP-0398 section 3).
			line.announce();
		},
	};
}

export const AVATARS = {
	number: '0084',
	version: '1.1.4',
	name: 'User Avatar',
	node: {
		name: METADATA,
		pushed({ events }: Line, jid: string, content: unknown) {
			const id = readAvatarMetadata(content);
			if (id !== undefined) events.avatar(jid, id, false);
		},
	},
	requests: (line: Line) => ({ avatars: avatarRequests(line) }),
} satisfies Extension;
