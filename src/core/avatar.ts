import type { Bytes } from './bytes.ts';
import { toHex } from './bytes.ts';
import { imageSize } from './image-size.ts';
import { sniffMediaType } from './media-type.ts';

/** Bytes of the largest picture of somebody that is kept. */
export const MAX_AVATAR_BYTES = 256 * 1024;
/** Pixels of its longer side. */
const MAX_SIDE = 1024;
const TYPES: readonly string[] = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'];

/** A picture of somebody that may be shown. */
export interface AvatarImage {
	/** SHA-1 of its bytes, lowercase hex: how it is known (XEP-0084 section 4.2.2, XEP-0153 section 3.1) */
	readonly id: string;
	readonly bytes: Bytes;
	/** by its first bytes, never by somebody's word */
	readonly type: string;
	/** pixels */
	readonly width: number;
	readonly height: number;
}

/** Whether a text can be a picture's name. */
export function isAvatarId(id: unknown): id is string {
	return typeof id === 'string' && /^[0-9a-f]{40}$/.test(id);
}

/** The name of a picture: SHA-1, which names it and does not vouch for it. */
export async function avatarId(bytes: Bytes): Promise<string> {
	return toHex(new Uint8Array(await crypto.subtle.digest('SHA-1', bytes)));
}

/** A picture as it came; undefined unless it is the one that was announced, of a kind and size that is shown. */
export async function checkAvatar(
	bytes: Bytes,
	announced: string,
): Promise<AvatarImage | undefined> {
	if (bytes.length > MAX_AVATAR_BYTES) return undefined;
	const { type } = sniffMediaType(bytes);
	if (!TYPES.includes(type)) return undefined;
	const size = imageSize(bytes, type);
	if (size === undefined || Math.max(size.width, size.height) > MAX_SIDE) return undefined;
	const id = await avatarId(bytes);
	return id === announced ? { id, bytes, type, ...size } : undefined;
}
