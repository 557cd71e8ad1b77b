import type { Omemo } from '../../omemo/omemo.ts';
import type { AccountSettings } from './chat-message.ts';
import type { MessageRows } from './message-rows.ts';

/** Full addresses that are remembered as asked. */
const MOST_ASKED = 500;

/**
 * Who knows what a thumbnail behind a link is (XEP-0454 section 3): others show it as a page of letters. A device is known
 * once a message that was decrypted came from an address whose client says so of itself.
 */
export interface ThumbnailReaders {
	/** Something by a device was decrypted that came just now, from this full address. */
	heard(jid: string, full: string, device: number): Promise<void>;
	/** Whether a thumbnail goes to somebody. */
	all(jid: string): Promise<boolean>;
}

export function createThumbnailReaders({
	rows,
	omemo,
	supports,
	settings,
}: {
	rows: MessageRows;
	omemo: Pick<Omemo, 'devices'>;
	/** Asks a client whether it reads thumbnails. Throws XmppError. */
	supports(full: string): Promise<boolean>;
	settings(): AccountSettings;
}): ThumbnailReaders {
	const asked = new Map<string, Promise<boolean>>();
	return {
		async heard(jid, full, device) {
			const known = await rows.thumbnailReaders(jid);
			if (known.includes(device) || (asked.size >= MOST_ASKED && !asked.has(full))) return;
			const answer = asked.get(full) ?? supports(full).catch(() => false);
			asked.set(full, answer);
			if (!(await answer)) return;
			const before = await rows.thumbnailReaders(jid);
			await rows.write([await rows.putThumbnailReaders(jid, [...new Set([...before, device])])]);
		},
		async all(jid) {
			const { thumbnails } = settings();
			if (thumbnails !== 'automatic') return thumbnails === 'always';
			const known = await rows.thumbnailReaders(jid);
			const reading = (await omemo.devices(jid)).filter(({ active }) => active);
			return reading.length > 0 && reading.every(({ id }) => known.includes(id));
		},
	};
}
