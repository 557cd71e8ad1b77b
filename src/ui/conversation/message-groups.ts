import { createMemo } from 'solid-js';
import { isFile } from '../../chat/model/attachment.ts';
import { nameGivenBy } from '../../chat/model/file-naming.ts';
import type { Message } from '../../chat/model/message.ts';
import { formatDay } from '../parts/format.ts';
import { type AlbumPlace, albumPlaces } from './album.ts';
import { doubtOf } from './message-doubt.ts';
import type { TrustNow } from './trust-now.ts';

/** Milliseconds within which a message goes on where the one above it ended. */
const APART = 5 * 60_000;

/** How the messages of a list belong together: by day, sender and album. */
export interface MessageGroups {
	/** the day that begins with this message, as it is said */
	dayOf(key: string): string | undefined;
	albumOf(key: string): AlbumPlace | undefined;
	/** the name that the message behind a file gives it */
	nameOf(key: string): string | undefined;
	/** Whether a message does nothing but name the file in front of it, which shows it. */
	isNaming(key: string): boolean;
	/** Whether the message at this place goes on where the one above it ended. */
	isFollowing(index: number): boolean;
}

export function createMessageGroups(
	messages: () => readonly Message[],
	trustNow: () => TrustNow,
): MessageGroups {
	const days = createMemo(() => {
		const first = new Map<string, string>();
		let before = '';
		for (const { key, time } of messages()) {
			const day = new Date(time).toDateString();
			if (day !== before) first.set(key, formatDay(time));
			before = day;
		}
		return first;
	});
	const isPicture = (message: Message) =>
		isFile(message) &&
		['image', 'video'].includes(message.attachment?.media ?? '') &&
		message.replyTo === undefined &&
		message.waitsFor === undefined &&
		doubtOf(message, trustNow()) === undefined;
	const albums = createMemo(() => albumPlaces(messages(), isPicture));
	const names = createMemo(() => {
		const given = new Map<string, string>();
		const givers = new Set<string>();
		const all = messages();
		for (const [index, message] of all.entries()) {
			const next = all[index + 1];
			const name = nameGivenBy(message, next);
			if (name === undefined || next === undefined) continue;
			given.set(message.key, name);
			givers.add(next.key);
		}
		return { given, givers };
	});
	return {
		dayOf: (key) => days().get(key),
		albumOf: (key) => albums().get(key),
		nameOf: (key) => names().given.get(key),
		isNaming: (key) => names().givers.has(key),
		isFollowing(index) {
			const [before, message] = [messages()[index - 1], messages()[index]];
			if (before === undefined || message === undefined) return false;
			return before.isOwn === message.isOwn && message.time - before.time < APART;
		},
	};
}
