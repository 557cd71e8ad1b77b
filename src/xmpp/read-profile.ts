import { type Bytes, toBytes } from '../core/bytes.ts';
import { isAvatarId } from '../core/formats/pictures/avatar.ts';
import { fromBase64 } from '../core/packed-json.ts';
import { cutText } from '../core/text/cut-text.ts';

const MAX_NAME = 200;
const MAX_VERSIONS = 20;

/**
 * The picture that avatar metadata announces (XEP-0084 section 4.2): the first one that lies in the account's own node;
 * '' if it announces that there is none; undefined for nonsense.
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

/** The bytes of an avatar's data node. */
export function readAvatarData(content: unknown): Bytes | undefined {
	return bytesOf(fields(content)['data']);
}

/** A nickname that somebody gave themselves (XEP-0172); '' if they took it back. */
export function readNick(content: unknown): string | undefined {
	const { nick } = fields(content);
	if (nick === undefined) return '';
	return typeof nick === 'string' ? cutText(nick.trim(), MAX_NAME) : undefined;
}

/** What an old visiting card says of somebody (XEP-0054). */
export interface VisitingCard {
	readonly name?: string;
	readonly photo?: Bytes;
}

export function readVisitingCard(card: unknown): VisitingCard {
	const { fullName, records } = fields(card);
	const list = Array.isArray(records) ? records.slice(0, 100).map(fields) : [];
	const record = (type: string) => list.find((entry) => entry['type'] === type);
	const nick = record('nickname')?.['value'];
	const name = [nick, fullName].find((text) => typeof text === 'string' && text.trim() !== '');
	const data = record('photo')?.['data'];
	// stanza leaves this one as it is written, in lines of any length.
	const photo = typeof data === 'string' ? fromBase64(data.replace(/\s+/g, '')) : undefined;
	return {
		...(typeof name === 'string' ? { name: cutText(name.trim(), MAX_NAME) } : {}),
		...(photo === undefined || photo.length === 0 ? {} : { photo }),
	};
}

function fields(value: unknown): Record<string, unknown> {
	return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function bytesOf(value: unknown): Bytes | undefined {
	return value instanceof Uint8Array ? toBytes(value) : undefined;
}
