import * as v from 'valibot';
import type { Bytes } from '../core/bytes.ts';
import type { MediaKeys } from '../core/crypto/gcm.ts';
import { bytesSchema, type RowSchema, rowSchema } from '../core/row-schema.ts';

/** Verdict of the tag over the whole file; `none` until every byte was counted. */
export type Verdict = 'none' | 'verified' | 'tampered';

/** AES-GCM under a key of this origin; `iv` 12 bytes, `bytes` ciphertext and tag. */
export interface SealedText {
	readonly iv: Bytes;
	readonly bytes: Bytes;
}

export const SEALED_TEXT: RowSchema<SealedText> = rowSchema<SealedText>({
	iv: bytesSchema,
	bytes: bytesSchema,
});

/** The owner of links that were opened without an account, and of what waits for somebody to send it. No address is like these. */
export const LINKS = 'links';
export const STAGED = 'staged';

/** One file: an opened link, or what an account sent or was sent. Sizes in bytes of plaintext, times in milliseconds since the epoch. */
export interface MediaRecord {
	readonly id: string;
	/** Whose it is: the bare address of an account, LINKS or STAGED. Absent in old rows, until that is found out. */
	readonly owner?: string;
	/** https, without the fragment; '' for a file of ours that is not uploaded */
	readonly url: string;
	/** 12 or 16 bytes */
	readonly iv: Bytes;
	/** non-extractable; absent in what was stored where the browser cannot store keys */
	readonly keys?: MediaKeys;
	/** the whole aesgcm URI, encrypted with its owner's key, in old rows with the origin's; absent where no such key can be kept */
	readonly sealedUri?: SealedText;
	/** the last part of the path, cleaned, for people and for saving */
	readonly name: string;
	readonly size?: number;
	/** bytes of each of its segments but the last; absent: SEGMENT_LENGTH */
	readonly segment?: number;
	/** AES-GCM tag as the server sent it, 16 bytes */
	readonly tag?: Bytes;
	readonly type?: string;
	readonly label?: string;
	/** of a picture as it is shown, in pixels: after any EXIF rotation */
	readonly width?: number;
	readonly height?: number;
	/** seconds of sound or video, once a player has told */
	readonly duration?: number;
	/** bytes of the small copy that is kept of it */
	readonly preview?: number;
	/** as the server sent it, if it lets us read it */
	readonly etag?: string;
	/** the server ignores Range */
	readonly sequential?: boolean;
	/** the server announced lengths that were wrong: none is believed any more */
	readonly spooled?: boolean;
	/** whether the server answers ranges that end before the file does; unknown until the first answer */
	readonly bounded?: boolean;
	readonly verdict: Verdict;
	/**
	 * Nobody has asked for it: it is downloaded automatically, up to so many bytes and as long as its host leads nowhere else.
	 * Absent once somebody has.
	 */
	readonly unasked?: number;
	/** not one byte is released before the tag is right */
	readonly verifyFirst: boolean;
	readonly createdAt: number;
	readonly usedAt: number;
	/** seconds: where somebody stopped listening */
	readonly position?: number;
}

const cryptoKey = v.custom<CryptoKey>((value) => value instanceof CryptoKey);

export const MEDIA_RECORD: RowSchema<MediaRecord> = rowSchema<MediaRecord>({
	id: v.string(),
	owner: v.optional(v.string()),
	url: v.string(),
	iv: bytesSchema,
	keys: v.optional(
		rowSchema<MediaKeys>({ ctr: cryptoKey, gcm: cryptoKey, tags: v.optional(cryptoKey) }),
	),
	sealedUri: v.optional(SEALED_TEXT),
	name: v.string(),
	size: v.optional(v.number()),
	segment: v.optional(v.number()),
	tag: v.optional(bytesSchema),
	type: v.optional(v.string()),
	label: v.optional(v.string()),
	width: v.optional(v.number()),
	height: v.optional(v.number()),
	duration: v.optional(v.number()),
	preview: v.optional(v.number()),
	etag: v.optional(v.string()),
	sequential: v.optional(v.boolean()),
	spooled: v.optional(v.boolean()),
	bounded: v.optional(v.boolean()),
	verdict: v.picklist(['none', 'verified', 'tampered']),
	unasked: v.optional(v.number()),
	verifyFirst: v.boolean(),
	createdAt: v.number(),
	usedAt: v.number(),
	position: v.optional(v.number()),
});

/** Settings of the whole origin. */
export interface Settings {
	/** audio and video, too, are verified before a byte is released */
	readonly verifyFirst: boolean;
	/** the user has been asked for persistent storage, or has put it off */
	readonly persistAsked: boolean;
	/** bytes of the largest file from a contact that is downloaded automatically; 0: none does */
	readonly loadLimit: number;
	/** which kinds do */
	readonly loadKinds: readonly ('image' | 'audio' | 'video' | 'file')[];
	/** also where the network is metered */
	readonly loadMetered: boolean;
	/** how fast voice messages play: 1 is as they were spoken */
	readonly voiceSpeed: number;
}

const SETTING: { readonly [Name in keyof Settings]: RowSchema<Settings[Name]> } = {
	verifyFirst: v.boolean(),
	persistAsked: v.boolean(),
	loadLimit: v.number(),
	// A version to come may know more kinds: those that were not chosen are not loaded for that.
	loadKinds: v.custom<Settings['loadKinds']>(
		(value) => Array.isArray(value) && value.every((kind) => typeof kind === 'string'),
	),
	loadMetered: v.boolean(),
	voiceSpeed: v.number(),
};

/**
 * What was chosen, of a stored row: rows of before lack what could not be chosen yet. Of what cannot be read the default holds,
 * and of nothing else.
 */
export function readSettings(row: unknown): Partial<Settings> {
	if (typeof row !== 'object' || row === null) return {};
	const read = Object.entries(row).filter(([name, value]) => {
		return !Object.hasOwn(SETTING, name) || v.is(SETTING[name as keyof Settings], value);
	});
	return Object.fromEntries(read);
}
