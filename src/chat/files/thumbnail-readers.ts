import { createMutex } from '../../core/async/mutex.ts';
import { isWithin } from '../../core/clock.ts';
import type { Omemo } from '../../omemo/omemo.ts';
import type { AccountSettings } from '../model/account-settings.ts';
import type { PeopleStore } from '../people/people-store.ts';

/** Full addresses that are remembered as asked. */
const MAX_ASKED = 500;
/** Milliseconds until a client that did not answer is asked again. */
const FAILURE_TIME = 10 * 60 * 1000;

interface Asked {
	readonly answer: Promise<boolean>;
	/** when that came to nothing, milliseconds since the epoch */
	failedAt?: number;
}

/**
 * Devices that can show a thumbnail behind a link (XEP-0454 section 3): others show it as a page of letters. A device is known
 * once a message that was decrypted came from an address whose client says so of itself.
 */
export interface ThumbnailReaders {
	/** Something by a device was decrypted that came just now, from this full address. */
	deviceWrote(jid: string, full: string, device: number): Promise<void>;
	/** Whether a thumbnail goes to somebody. */
	all(jid: string): Promise<boolean>;
}

export function createThumbnailReaders({
	people,
	omemo,
	supports,
	settings,
	now = Date.now,
}: {
	people: PeopleStore;
	omemo: Pick<Omemo, 'devices'>;
	/** Asks a client whether it reads thumbnails. Throws XmppError. */
	supports(full: string): Promise<boolean>;
	settings(): AccountSettings;
	now?: () => number;
}): ThumbnailReaders {
	/** oldest first */
	const asked = new Map<string, Asked>();
	const serial = createMutex();

	function ask(full: string): Promise<boolean> {
		const before = asked.get(full);
		if (before && (before.failedAt === undefined || isWithin(before.failedAt, FAILURE_TIME, now())))
			return before.answer;
		const entry: Asked = {
			answer: supports(full).catch(() => {
				entry.failedAt = now();
				return false;
			}),
		};
		asked.delete(full);
		asked.set(full, entry);
		const [oldest] = asked.keys();
		if (asked.size > MAX_ASKED && oldest !== undefined) asked.delete(oldest);
		return entry.answer;
	}

	return {
		async deviceWrote(jid, full, device) {
			if ((await people.thumbnailReaders(jid)).includes(device) || !(await ask(full))) return;
			await serial(async () => {
				const known = await people.thumbnailReaders(jid);
				await people.write([
					await people.putThumbnailReaders(jid, [...new Set([...known, device])]),
				]);
			});
		},
		async all(jid) {
			const { thumbnails } = settings();
			if (thumbnails !== 'automatic') return thumbnails === 'always';
			const known = await people.thumbnailReaders(jid);
			const reading = (await omemo.devices(jid)).filter(({ active }) => active);
			return reading.length > 0 && reading.every(({ id }) => known.includes(id));
		},
	};
}
