import * as v from 'valibot';
import type { AvatarImage } from '../../core/formats/pictures/avatar.ts';
import { bytesSchema, fitting, fittingParts, rowSchema } from '../../core/row-schema.ts';
import type { ChatRows, ChatWrite } from '../../vault/chat-rows.ts';
import type { Contact } from '../../xmpp/roster.ts';
import { accountPrefix, END, MAX_ROWS, safeWrite, type Write } from '../model/account-rows.ts';

/** A stored profile: name and picture. */
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
	/** when that last failed, since their server did not answer; milliseconds since the epoch */
	readonly failedAt?: number;
}

const PROFILE_ROW = rowSchema<ProfileRow>({
	nick: v.optional(v.string()),
	cardName: v.optional(v.string()),
	avatar: v.optional(
		rowSchema<AvatarImage>({
			id: v.string(),
			type: v.string(),
			bytes: bytesSchema,
			width: v.number(),
			height: v.number(),
		}),
	),
	isPublished: v.optional(v.boolean()),
	cardAt: v.optional(v.number()),
	failedAt: v.optional(v.number()),
});
const NUMBERS = v.array(v.number());
const CONTACT = rowSchema<Contact>({
	jid: v.string(),
	name: v.optional(v.string()),
	subscription: v.picklist(['none', 'to', 'from', 'both']),
	isPending: v.boolean(),
});

/** Stores profiles, the roster, and which devices read thumbnails. */
export interface PeopleStore {
	profile(jid: string): Promise<ProfileRow>;
	profiles(): Promise<(readonly [string, ProfileRow])[]>;
	putProfile(jid: string, profile: ProfileRow): Promise<ChatWrite>;
	/** Devices of somebody that know what a thumbnail is. */
	thumbnailReaders(jid: string): Promise<readonly number[]>;
	putThumbnailReaders(jid: string, devices: readonly number[]): Promise<ChatWrite>;
	/** The roster as it was last seen. */
	contacts(): Promise<readonly Contact[]>;
	putContacts(contacts: readonly Contact[]): Promise<ChatWrite>;
	readonly write: Write;
}

export function createPeopleStore(rows: ChatRows, account: string): PeopleStore {
	const prefix = accountPrefix(account);
	return {
		profile: async (jid) => fittingParts(PROFILE_ROW, await rows.get(prefix('profile', jid))) ?? {},
		async profiles() {
			const found = await rows.page(prefix('profile'), { limit: MAX_ROWS });
			const start = prefix('profile').length;
			return found.map(
				({ key, value }) =>
					[key.slice(start, -END.length), fittingParts(PROFILE_ROW, value) ?? {}] as const,
			);
		},
		putProfile: (jid, profile) => rows.put(prefix('profile', jid), profile),
		thumbnailReaders: async (jid) =>
			fitting(NUMBERS, await rows.get(prefix('thumbnails', jid))) ?? [],
		putThumbnailReaders: (jid, devices) => rows.put(prefix('thumbnails', jid), devices),
		async contacts() {
			const kept = await rows.get(prefix('roster'));
			return Array.isArray(kept) ? kept.flatMap((one) => fittingParts(CONTACT, one) ?? []) : [];
		},
		putContacts: (contacts) => rows.put(prefix('roster'), contacts),
		write: safeWrite(rows),
	};
}
