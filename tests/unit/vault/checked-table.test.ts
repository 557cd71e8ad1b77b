import 'fake-indexeddb/auto';
import { openDB } from 'idb';
import { describe, expect, it } from 'vitest';
import { fitting } from '../../../src/core/row-schema.ts';
import { checkedTable } from '../../../src/vault/checked-table.ts';
import { LEDGER_ROW, type LedgerRow } from '../../../src/vault/ledger-rows.ts';
import { MEDIA_RECORD, readSettings, SEALED_TEXT } from '../../../src/vault/media-record.ts';
import { createMemoryTable } from '../../../src/vault/table.ts';
import { openVault } from '../../../src/vault/vault.ts';

const bytes = new Uint8Array(16);
/** As the first version wrote it. */
const first = {
	id: 'a',
	url: 'https://h.example/a.jpg',
	iv: bytes,
	name: 'a.jpg',
	verdict: 'none',
	verifyFirst: false,
	createdAt: 1,
	usedAt: 1,
};

describe('rows that fit', () => {
	it.each([
		['a record of the first version', MEDIA_RECORD, first],
		['a record with what is not known yet', MEDIA_RECORD, { ...first, size: undefined }],
		['a record with more than is known here', MEDIA_RECORD, { ...first, later: [1] }],
		['a sealed text', SEALED_TEXT, { iv: bytes, bytes }],
		['a ledger row of the first version', LEDGER_ROW, { index: 0, ghash: bytes }],
		[
			'a released piece',
			LEDGER_ROW,
			{ index: 0, released: [{ start: 0, length: 1, ghash: bytes }] },
		],
	] as const)('%s', (_, schema, row) => {
		expect(fitting<unknown>(schema, row)).toBe(row);
	});
});

describe('rows that do not', () => {
	it.each([
		['nothing', MEDIA_RECORD, undefined],
		['a text', MEDIA_RECORD, 'record'],
		['no address', MEDIA_RECORD, { ...first, url: undefined }],
		['an address that is none', MEDIA_RECORD, { ...first, url: 1 }],
		['an IV as a list', MEDIA_RECORD, { ...first, iv: [...bytes] }],
		['keys that are none', MEDIA_RECORD, { ...first, keys: { ctr: bytes, gcm: bytes } }],
		['another verdict', MEDIA_RECORD, { ...first, verdict: 'fine' }],
		['half a sealed text', SEALED_TEXT, { iv: bytes }],
		['a ledger row without a place', LEDGER_ROW, { ghash: bytes }],
		['a piece without an end', LEDGER_ROW, { index: 0, released: [{ start: 0, ghash: bytes }] }],
	] as const)('%s', (_, schema, row) => {
		expect(fitting<unknown>(schema, row)).toBeUndefined();
	});
});

it('of settings, what cannot be read does not undo what was chosen besides', async () => {
	const first = { verifyFirst: true, persistAsked: true };
	expect(readSettings(first)).toEqual(first);
	expect(readSettings(undefined)).toEqual({});
	const later = { loadLimit: 0, loadKinds: ['image', 'games'], later: 1 };
	expect(readSettings({ ...later, voiceSpeed: 'fast', loadMetered: null })).toEqual(later);
});

it('a row that does not fit counts as none, and goes when it is changed', async () => {
	const rows = createMemoryTable<LedgerRow>();
	const table = checkedTable(rows, LEDGER_ROW);
	const odd = { index: 'x' } as unknown as LedgerRow;
	const write = () =>
		rows.write([
			{ key: 'i/1', value: { index: 1 } },
			{ key: 'i/2', value: odd },
		]);
	await write();
	expect(await table.get('i/2')).toBeUndefined();
	expect(await table.all('i/')).toEqual([{ index: 1 }]);
	expect(await table.page('i/', { limit: 9 })).toEqual([{ key: 'i/1', value: { index: 1 } }]);
	await table.updateAll('i/', (row) => row);
	expect(await rows.keys()).toEqual(['i/1']);
	await write();
	expect(await table.update('i/2', (before) => before ?? { index: 2 })).toBeUndefined();
	expect(await table.all('i/')).toEqual([{ index: 1 }, { index: 2 }]);
});

it('a database with rows that do not fit opens, and what fits is there', async () => {
	const before = await openVault();
	await before.settings.set({ verifyFirst: true });
	await before.chat.write([await before.chat.put('chat', 'hello')]);
	const database = await openDB('balcony');
	await database.put('media', first, 'a');
	await database.put('media', { ...first, id: 'b', createdAt: 'soon' }, 'b');
	await database.put('chat', { iv: 1 }, 'odd');
	await database.put('settings', { verifyFirst: 'yes', loadLimit: 0, later: 1 }, 'settings');
	database.close();
	const vault = await openVault();
	expect((await vault.media.list()).map(({ id }) => id)).toEqual(['a']);
	expect(await vault.media.get('b')).toBeUndefined();
	expect(await vault.media.uriOf('b')).toBeUndefined();
	expect((await vault.chat.page('', { limit: 9 })).map(({ value }) => value)).toEqual(['hello']);
	expect(await vault.chat.get('odd')).toBeUndefined();
	expect(await vault.settings.get()).toMatchObject({ verifyFirst: false, loadLimit: 0 });
	await vault.settings.set({ verifyFirst: true });
	const chosen = { verifyFirst: true, loadLimit: 0, later: 1 };
	expect(await vault.settings.get()).toMatchObject(chosen);
});
