import * as v from 'valibot';
import type { Bytes } from '../../core/bytes.ts';
import { bytesSchema, fittingParts, rowSchema } from '../../core/row-schema.ts';
import type { ChatRows, ChatWrite } from '../../vault/chat-rows.ts';

const END = '\n';
const MAX_ROWS = 10_000;

/** A file that waits to be uploaded. */
export interface UploadJob {
	/** that of its message */
	readonly key: string;
	/** address of the conversation: of the other side, or of the group */
	readonly peer: string;
	/** where it is kept, see MediaRecord, and the key of that, 32 bytes */
	readonly mediaId: string;
	readonly mediaKey: Bytes;
	/** true name; it stays here */
	readonly name: string;
	/** what it is uploaded as */
	readonly extension: string;
	/** all of it is kept, and the file that was chosen is not needed any more */
	readonly isKept: boolean;
	/** it is not tried again by itself */
	readonly hasFailed: boolean;
	/** a JPEG as a data URI (XEP-0454 section 3), for who can read it */
	readonly thumbnail?: string;
	/** what it answers, and by whom that is, bare */
	readonly answers?: { readonly id: string; readonly author: string };
	/** the keys of messages that go out behind it: the one that gives it its name, and the caption */
	readonly naming?: string;
	readonly caption?: string;
}

const UPLOAD_JOB = rowSchema<UploadJob>({
	key: v.string(),
	peer: v.string(),
	mediaId: v.string(),
	mediaKey: bytesSchema,
	name: v.string(),
	extension: v.string(),
	isKept: v.boolean(),
	hasFailed: v.boolean(),
	thumbnail: v.optional(v.string()),
	answers: v.optional(
		rowSchema<NonNullable<UploadJob['answers']>>({ id: v.string(), author: v.string() }),
	),
	naming: v.optional(v.string()),
	caption: v.optional(v.string()),
});

/** The keys of the messages that go out behind a file, in their order. */
export function behindOf({ naming, caption }: UploadJob): string[] {
	return [naming, caption].filter((key) => key !== undefined);
}

/** The upload jobs of one account, sealed as all rows of the messenger are. */
export interface UploadStore {
	/** Those that were added first come first. */
	all(): Promise<UploadJob[]>;
	get(key: string): Promise<UploadJob | undefined>;
	put(job: UploadJob): Promise<ChatWrite>;
	remove(key: string): ChatWrite;
	/** What waits for any account: it must not be cleared away. */
	mediaIds(): Promise<string[]>;
}

export function createUploadStore(rows: ChatRows, account: string): UploadStore {
	const PREFIX = `share${END}`;
	const prefix = `${PREFIX}${account}${END}`;
	const read = async (start: string) =>
		(await rows.page(start, { limit: MAX_ROWS })).flatMap(
			({ value }) => fittingParts(UPLOAD_JOB, value) ?? [],
		);
	/** Places of all conversations sort by their time. */
	const placeOf = ({ key }: UploadJob) => key.slice(key.lastIndexOf(END));
	return {
		async all() {
			const found = await read(prefix);
			return found.sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));
		},
		get: async (key) => fittingParts(UPLOAD_JOB, await rows.get(prefix + key)),
		put: (job) => rows.put(prefix + job.key, job),
		remove: (key) => rows.remove(prefix + key),
		async mediaIds() {
			const found = await rows.page(PREFIX, { limit: MAX_ROWS });
			// Also of a job that cannot be read here: another version may still send that file.
			const ids = found.map(({ value }) => (value as Partial<UploadJob> | null)?.mediaId);
			return ids.filter((id) => typeof id === 'string');
		},
	};
}
