import * as v from 'valibot';
import { createMutex } from '../../core/async/mutex.ts';
import { fingerprint } from '../../core/crypto/fingerprint.ts';
import { fitting, type RowSchema, rowSchema } from '../../core/row-schema.ts';
import type { ChatRows, ChatWrite } from '../../vault/chat-rows.ts';
import type { Message } from '../model/message.ts';

/** Which media item a message was opened as. */
export interface MessageMedia {
	idOf(message: Message): Promise<string | undefined>;
	/** From now on a message is that item. */
	put(message: Message, id: string): Promise<ChatWrite>;
	/**
	 * What it was opened as, or else is opened as now; once, however often it is asked for. What was removed from this device
	 * (`isHere`) is opened anew.
	 */
	opened(
		message: Message,
		open: () => Promise<string>,
		isHere?: (id: string) => boolean,
	): Promise<string>;
	/** Removes all that it was opened as, and only then forgets that: a reload in between must not leave it behind. */
	remove(message: Message, remove: (id: string) => Promise<void>): Promise<void>;
}

/** What a message was opened as, each link of it: a correction may be another one. */
type MediaRow = readonly { readonly id: string; readonly link: string }[];

const MEDIA_ROW: RowSchema<MediaRow> = v.array(
	rowSchema<MediaRow[number]>({ id: v.string(), link: v.string() }),
);

export function createMessageMedia(rows: ChatRows): MessageMedia {
	const keyOf = (message: Message) => `media\n${message.key}`;
	const opening = new Map<string, Promise<string>>();
	/** the links of a message share a row */
	const serial = createMutex();
	const nameOf = ({ attachment }: Pick<Message, 'attachment'>) =>
		fingerprint(attachment === undefined || attachment.kind === 'upload' ? '' : attachment.body);

	/** Old rows are one id, of the first text. */
	async function read(message: Message): Promise<MediaRow> {
		const row = await rows.get(keyOf(message));
		if (typeof row !== 'string') return fitting(MEDIA_ROW, row) ?? [];
		// Of what was corrected before its first text was kept, it is not known any more.
		if (message.isCorrected === true && message.earlier === undefined)
			return [{ id: row, link: '' }];
		const [first = message] = message.earlier ?? [];
		return [{ id: row, link: nameOf({ attachment: first.attachment }) }];
	}

	async function idOf(message: Message): Promise<string | undefined> {
		if (message.share !== undefined) return message.share.mediaId;
		const name = nameOf(message);
		return (await read(message)).find(({ link }) => link === name)?.id;
	}

	/** The caller sees to it that nobody else writes this row before the write is done. */
	async function put(message: Message, id: string): Promise<ChatWrite> {
		const link = nameOf(message);
		const others = (await read(message)).filter((other) => other.link !== link);
		return rows.put(keyOf(message), [...others, { id, link }]);
	}

	return {
		idOf,
		put,
		opened(message, open, isHere = () => true) {
			const name = `${keyOf(message)}\n${nameOf(message)}`;
			const work = async () => {
				const known = await idOf(message);
				if (known !== undefined && isHere(known)) return known;
				const id = await open();
				await serial(async () => rows.write([await put(message, id)]));
				return id;
			};
			const before = opening.get(name);
			if (before !== undefined) return before;
			const opened = work().finally(() => opening.delete(name));
			opening.set(name, opened);
			return opened;
		},
		async remove(message, remove) {
			const ids = (await read(message)).map(({ id }) => id);
			const shared = message.share?.mediaId;
			for (const id of new Set(shared === undefined ? ids : [...ids, shared])) await remove(id);
			if (ids.length > 0) await rows.write([rows.remove(keyOf(message))]);
		},
	};
}
