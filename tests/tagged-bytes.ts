import { newFileSecret } from '../src/core/crypto/file-keys.ts';
import { planTable } from '../src/core/formats/tables/plan-table.ts';
import { ciphertextOf, keepFile, makeKeptFile, sourceOfBlob } from '../src/media/keep-file.ts';
import { makeTableWriter } from '../src/media/table-writer.ts';
import { createMemoryVault } from '../src/vault/vault.ts';

/** A movie as Balcony sends it, with its table of tags. */
export interface TaggedBytes {
	/** as it is for whoever receives it, the table included */
	readonly plain: Buffer;
	/** ciphertext, then the tag */
	readonly bytes: Buffer;
	/** of its aesgcm URI: IV and key in hex */
	readonly fragment: string;
}

export async function tagMovie(movie: Uint8Array): Promise<TaggedBytes> {
	const bytes = Uint8Array.from(movie);
	const read = async (start: number, end: number) => bytes.slice(start, end);
	const plan = await planTable({ size: bytes.length, read }, 'video/mp4');
	if (plan === undefined) throw new Error('no place for a table');
	const blob = new Blob(
		plan.map((part) => (part instanceof Uint8Array ? part : bytes.slice(part.start, part.end))),
	);
	const vault = createMemoryVault({ limit: 2 ** 29 });
	const secret = await newFileSecret(true);
	const { record: made } = await makeKeptFile(vault, 'movie.mp4', 'anna@example.org', secret);
	const source = sourceOfBlob(blob);
	const record = await keepFile({ source, record: made, vault, makeTable: makeTableWriter });
	const sealed = await (await ciphertextOf(record, vault)).arrayBuffer();
	const raw = await crypto.subtle.importKey('raw', secret.key, 'AES-GCM', false, ['decrypt']);
	const opened = await crypto.subtle.decrypt({ name: 'AES-GCM', iv: secret.iv }, raw, sealed);
	const [key, iv] = [secret.key, secret.iv].map((part) => Buffer.from(part).toString('hex'));
	return { plain: Buffer.from(opened), bytes: Buffer.from(sealed), fragment: `${iv}${key}` };
}
