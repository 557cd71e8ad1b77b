import * as v from 'valibot';
import { createMutex } from '../core/async/mutex.ts';
import { fitting, type RowSchema, rowSchema } from '../core/row-schema.ts';
import { cutText } from '../core/text/cut-text.ts';
import { STAGED } from '../vault/media-record.ts';
import type { WorkerVault } from '../vault/worker-vault.ts';
import { keepFile, makeKeptFile, sourceOfBlob, sourceOfRecord } from './keep-file.ts';
import { LIMITS } from './limits.ts';

const KEY = 'staged';
/** Limits of one share, in files, bytes and characters. */
const MAX_FILES = 20;
const MAX_BYTES = 2 ** 30;
const MAX_TEXT = 10_000;

/** Files and text that another app handed over, until the user has chosen a chat for them. */
export interface StagedShare {
	readonly files: readonly File[];
	readonly text: string;
	/** files that were handed over and are not here: too many, too large, or there was no room */
	readonly left: number;
}

interface StagedRow {
	readonly files: readonly { readonly mediaId: string; readonly name: string }[];
	readonly text: string;
	/** the account that it is for, bare: the first that was there to send it. Absent until there was one */
	readonly owner?: string;
	/** files that are not kept, or not yet: a worker that is ended has left them out; absent from older rows */
	readonly left?: number;
}

const STAGED_ROW: RowSchema<StagedRow> = rowSchema<StagedRow>({
	files: v.array(rowSchema<StagedRow['files'][number]>({ mediaId: v.string(), name: v.string() })),
	text: v.string(),
	owner: v.optional(v.string()),
	left: v.optional(v.number()),
});

const oneByOne = createMutex();

/**
 * Keeps what the phone's share sheet handed over (Web Share Target), encrypted, in the place of what it handed over before.
 * Nothing is sent. Of too much the rest is left out, and counted; throws ShareError where nothing can be kept.
 */
export function stageShare(vault: WorkerVault, share: Omit<StagedShare, 'left'>): Promise<void> {
	// Two at once would remove each other's files.
	return oneByOne(() => stage(vault, share));
}

async function stage(
	vault: WorkerVault,
	{ files, text }: Omit<StagedShare, 'left'>,
): Promise<void> {
	await drop(vault);
	let bytes = 0;
	const chosen: File[] = [];
	for (const file of files) {
		if (chosen.length === MAX_FILES || bytes + file.size > MAX_BYTES) continue;
		bytes += file.size;
		chosen.push(file);
	}
	const kept: { mediaId: string; name: string }[] = [];
	const write = async () => {
		const left = files.length - kept.length;
		const row: StagedRow = { files: kept, text: cutText(text, MAX_TEXT), left };
		await vault.chat.write([await vault.chat.put(KEY, row)]);
	};
	for (const file of chosen) {
		const { record } = await makeKeptFile(vault, file.name, STAGED);
		// Known before it is filled: who clears away what nobody knows leaves it alone.
		kept.push({ mediaId: record.id, name: file.name });
		await write();
		await keepFile({ source: sourceOfBlob(file), record, vault });
	}
	await write();
}

/**
 * From now on what waits is for this account alone, if it is not for another already. Whoever hands something over has the
 * device in their hands, and whoever is signed in then, or signs in next, is taken to be them.
 */
export function claimStaged(vault: WorkerVault, account: string): Promise<void> {
	return oneByOne(() => claim(vault, account));
}

async function claim(vault: WorkerVault, account: string): Promise<void> {
	const row = await stagedRow(vault);
	if (row === undefined || row.owner !== undefined) return;
	await vault.chat.write([await vault.chat.put(KEY, { ...row, owner: account })]);
}

async function stagedRow(vault: Pick<WorkerVault, 'chat'>): Promise<StagedRow | undefined> {
	return fitting(STAGED_ROW, await vault.chat.get(KEY));
}

/** The share that waits for an account; undefined if none does. Files that cannot be read any more are left out, and counted. */
export async function readStaged(
	vault: WorkerVault,
	account: string,
): Promise<StagedShare | undefined> {
	await claimStaged(vault, account);
	const row = await stagedRow(vault);
	if (row?.owner !== account) return undefined;
	const files: File[] = [];
	for (const { mediaId, name } of row.files) {
		const record = await vault.media.get(mediaId);
		const file = record && (await fileOf(vault, record, name).catch(() => undefined));
		if (file !== undefined) files.push(file);
	}
	return { files, text: row.text, left: (row.left ?? 0) + row.files.length - files.length };
}

async function fileOf(
	vault: WorkerVault,
	record: Parameters<typeof sourceOfRecord>[0],
	name: string,
): Promise<File> {
	const { size, read } = await sourceOfRecord(record, vault);
	const parts: Blob[] = [];
	// A Blob a segment: what is large goes to the disk, and not through memory at once.
	for (let start = 0; start < size; start += LIMITS.segment)
		parts.push(new Blob([await read(start, Math.min(start + LIMITS.segment, size))]));
	return new File(parts, name);
}

/** The items that are staged. */
export async function stagedMedia(vault: Pick<WorkerVault, 'chat'>): Promise<string[]> {
	// The worker asks, too, where there is no room for schemas.
	const row = (await vault.chat.get(KEY)) as Partial<StagedRow> | undefined;
	const ids = Array.isArray(row?.files) ? row.files.map((file) => file?.mediaId) : [];
	return ids.filter((id) => typeof id === 'string');
}

/** Forgets what waits for an account, or for nobody yet. */
export function dropStaged(vault: WorkerVault, account: string): Promise<void> {
	return oneByOne(async () => {
		const { owner = account } = (await stagedRow(vault)) ?? {};
		if (owner === account) await drop(vault);
	});
}

async function drop(vault: WorkerVault): Promise<void> {
	const ids = await stagedMedia(vault);
	await vault.chat.write([vault.chat.remove(KEY)]);
	for (const id of ids) await vault.media.remove(id);
}
