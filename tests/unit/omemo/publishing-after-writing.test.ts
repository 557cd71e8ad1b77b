import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createOmemo, type Omemo } from '../../../src/omemo/omemo.ts';
import { createOmemoRows } from '../../../src/omemo/omemo-rows.ts';
import type { OwnDevice } from '../../../src/omemo/own-device.ts';
import { bufferedRows, type WriteBuffer } from '../../../src/vault/buffered-rows.ts';
import type { ChatRows } from '../../../src/vault/chat-rows.ts';
import { createMemoryVault } from '../../../src/vault/vault.ts';
import { Client, Server } from './support.ts';

const ME = 'me@a.example';

let server: Server;
let disk: ChatRows;
let rows: ChatRows & WriteBuffer;
let omemo: Omemo;
let you: Client;
/** this device as the disk had it when its bundle was published last */
let onDisk: OwnDevice | undefined;

beforeEach(async () => {
	server = new Server();
	disk = createMemoryVault().chat;
	rows = bufferedRows(disk);
	const transport = server.transportOf(ME);
	omemo = createOmemo({
		account: ME,
		rows: createOmemoRows(rows, ME),
		transport: {
			...transport,
			async publishBundle(id, bundle) {
				onDisk = await createOmemoRows(disk, ME).ownDevice();
				await transport.publishBundle(id, bundle);
			},
		},
		failureKind: () => 'permanent',
		whenWritten: rows.whenWritten,
	});
	await omemo.start();
	you = await new Client(server, 'you@b.example').start();
	vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
	omemo.close();
	vi.useRealTimers();
});

const onDiskNow = () => createOmemoRows(disk, ME).ownDevice();
const published = () => server.bundles.get(`${ME}/${omemo.deviceId}`);

it('new prekeys are published only once the disk has them: who begins by one that is lost cannot be read', async () => {
	const before = published();
	rows.hold();
	const element = await you.encrypt(ME, 'hello');
	await omemo.decrypt(you.account, element, async (_, writes) => rows.write(writes, 'relaxed'));
	await vi.advanceTimersByTimeAsync(10_000);
	expect(published()).toBe(before);
	await rows.flush();
	await vi.advanceTimersByTimeAsync(10_000);
	await vi.waitFor(() => expect(published()).not.toEqual(before));
});

it('used prekeys do not come back when this device is published while others are used', async () => {
	const decrypt = async (from: Client) =>
		omemo.decrypt(from.account, await from.encrypt(ME, 'hello'), async (_, writes) =>
			rows.write(writes, 'relaxed'),
		);
	const eve = await new Client(server, 'eve@c.example').start();
	rows.hold();
	await decrypt(you);
	await rows.flush();
	// It writes this device, and waits for its turn behind a flush.
	const publishing = vi.advanceTimersByTimeAsync(2000);
	const flushing = rows.flush();
	await decrypt(eve);
	await Promise.all([publishing, flushing]);
	await rows.flush();
	const used = onDiskNow();
	expect((await used)?.usedPreKeys).toHaveLength(2);
});

it('with a new connection they go to the disk first', async () => {
	rows.hold();
	const element = await you.encrypt(ME, 'hello');
	await omemo.decrypt(you.account, element, async (_, writes) => rows.write(writes, 'relaxed'));
	await omemo.start();
	const ids = (keys: readonly { id: number }[] = []) => keys.map(({ id }) => id);
	expect(ids(published()?.preKeys)).toHaveLength(100);
	expect(ids(published()?.preKeys)).toEqual(ids(onDisk?.preKeys));
});
