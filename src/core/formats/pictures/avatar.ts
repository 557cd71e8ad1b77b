import { type Bytes, toHex } from '../../bytes.ts';
import { sha1 } from '../../crypto/sha1.ts';
import { sniffMediaType } from '../media-type.ts';
import { isAnimated } from './is-animated.ts';
import { rasterSize } from './raster-size.ts';

/** Bytes of the largest picture of somebody that is looked at; 1 MB is in use. */
export const MAX_AVATAR_BYTES = 2 ** 21;
/** Pixels of the largest that is decoded, once, to be made small: 64 MiB for a moment. */
export const MAX_AVATAR_PIXELS = 4096 * 4096;
/** Pixels of the largest that is shown as it is, where none can be made small. */
const MAX_SHOWN_PIXELS = 2_000_000;
/** Pixels of the longer side of one that is small: what is largest on the screen, where a pixel of CSS is three. */
export const SMALL_AVATAR = 256;
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
	return toHex(await sha1(bytes));
}

/** How a picture may be shown, by the size that its bytes say; what was written down beside them is not believed. */
export function avatarFit({ bytes, type }: Pick<AvatarImage, 'bytes' | 'type'>): AvatarFit {
	const { width, height } = rasterSize(bytes, type) ?? {
		width: Number.POSITIVE_INFINITY,
		height: 1,
	};
	const pixels = width * height;
	if (Math.max(width, height) <= SMALL_AVATAR && !isAnimated(bytes, type)) return 'small';
	if (pixels > MAX_AVATAR_PIXELS) return 'refused';
	return pixels <= MAX_SHOWN_PIXELS ? 'large' : 'huge';
}

/**
 * `small`: as it is. `large`: made small, or as it is where that fails; what moves is never `small`. `huge`: made small, or not
 * at all. `refused`: not at all, and it is not decoded.
 */
type AvatarFit = 'small' | 'large' | 'huge' | 'refused';

/** A picture as it came; undefined unless it is the one that was announced, of a kind and size that is looked at. */
export async function checkAvatar(
	bytes: Bytes,
	announced: string,
): Promise<AvatarImage | undefined> {
	if (bytes.length > MAX_AVATAR_BYTES) return undefined;
	const { type } = sniffMediaType(bytes);
	if (!TYPES.includes(type)) return undefined;
	const size = rasterSize(bytes, type);
	if (size === undefined || size.width * size.height > MAX_AVATAR_PIXELS) return undefined;
	const id = await avatarId(bytes);
	return id === announced ? { id, bytes, type, ...size } : undefined;
}
