import { afterAll, beforeAll, expect, it } from 'vitest';
import { openStreamedFile } from '../../../src/media/streamed-file.ts';
import type { MediaRecord } from '../../../src/vault/media-record.ts';
import type { Vault } from '../../../src/vault/vault.ts';
import { startUploadHost, type UploadHost } from '../../../tools/upload-host.ts';
import { openOn, readAll, TEST_LIMITS, videoLike } from './support.ts';

let host: UploadHost;
beforeAll(async () => {
	host = await startUploadHost({});
});
afterAll(() => host.close());

/** The same vault for a worker that is slow to write down what it has found. */
function slowVerdict(vault: Vault, gate: Promise<unknown>, arrived: () => void): Vault {
	const patch: Vault['media']['patch'] = async (id, change, cleared) => {
		if (change.verdict === 'verified') {
			arrived();
			await gate;
		}
		return vault.media.patch(id, change, cleared);
	};
	return { ...vault, media: { ...vault.media, patch } };
}

it('of two workers none says verified while the other plays what was altered', async () => {
	const plaintext = videoLike(6 * TEST_LIMITS.segment);
	const { vault, id, path, again } = await openOn(host, plaintext, { etag: '"a"' });
	let open = () => {};
	const gate = new Promise<void>((resolve) => {
		open = resolve;
	});
	let arrived = () => {};
	const isThere = new Promise<void>((resolve) => {
		arrived = resolve;
	});
	const second = await again();
	await readAll(second, 0, 1000);
	await second.close();
	const first = await openStreamedFile({
		record: (await vault.media.get(id)) as MediaRecord,
		vault: slowVerdict(vault, gate, () => arrived()),
		changed: () => undefined,
		limits: TEST_LIMITS,
	});
	const verified = first.verify().then(
		() => true,
		() => false,
	);
	await isThere;
	// All is counted and right. Now the host is another one, and the second worker forgets what was counted.
	const at = 5 * TEST_LIMITS.segment + 100;
	host.behave(path, { etag: '"b"', corrupt: { at } });
	await second.read(at - 100, new AbortController().signal).catch(() => undefined);
	open();
	await verified;
	const played = await readAll(second, at - 50, at + 50).catch(() => undefined);
	const isAltered = played !== undefined && !played.equals(plaintext.subarray(at - 50, at + 50));
	const isVerified = [first, second].some((session) => session.status().state === 'verified');
	expect([isAltered, isVerified]).not.toEqual([true, true]);
	// A third, later, knows of it.
	const third = await again();
	if (isAltered) await expect(third.verify()).rejects.toMatchObject({ code: 'tampered' });
});
