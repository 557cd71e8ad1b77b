import { expect, it } from 'vitest';
import { MediaError } from '../../../src/core/errors.ts';
import { createKeyCache } from '../../../src/vault/key-cache.ts';
import { createKeyring } from '../../../src/vault/keyring.ts';
import { createMemoryTable } from '../../../src/vault/table.ts';

const ANNA = 'anna@example.org';

it('a full disk opens what was sealed before accounts had keys, though there is no room for one', async () => {
	const table = createMemoryTable<CryptoKey>();
	const old = await (await createKeyCache(table).origin())?.sealBytes('a', new Uint8Array([1, 2]));
	const update = () => Promise.reject(new MediaError('storage-full'));
	const keyring = createKeyring(createKeyCache({ ...table, update }));
	expect(await keyring.open(ANNA, 'a', old)).toEqual(new Uint8Array([1, 2]));
	// It is not taken for one that is lost.
	const unknown = { iv: new Uint8Array(12), bytes: new Uint8Array(20) };
	await expect(keyring.open(ANNA, 'a', unknown)).rejects.toMatchObject({ code: 'storage-full' });
	await expect(keyring.of(ANNA)).rejects.toMatchObject({ code: 'storage-full' });
});
