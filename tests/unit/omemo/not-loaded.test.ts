import { expect, it, vi } from 'vitest';
import { agree, generateKeyPair } from '../../../src/omemo/ratchet/key-pair.ts';
import { RatchetError } from '../../../src/omemo/ratchet/ratchet-error.ts';
import { Client, Server } from './support.ts';

const YOU = 'you@b.example';

let isLoadable = true;
vi.mock('../../../src/omemo/ratchet/load-curves.ts', () => ({
	async loadCurves() {
		if (!isLoadable) throw new RatchetError('not-loaded');
		return import('../../../src/omemo/ratchet/curves.ts');
	},
}));

it('a part of the app that cannot be loaded is held against no device, and the message goes out later', async () => {
	const server = new Server();
	const me = await new Client(server, 'me@a.example').start();
	const you = await new Client(server, YOU).start();
	isLoadable = false;
	await expect(me.encrypt(YOU, 'hello')).rejects.toMatchObject({
		name: 'OmemoError',
		code: 'unavailable',
	});
	expect(await me.omemo.devices(YOU)).toMatchObject([{ id: you.omemo.deviceId }]);
	expect((await me.omemo.devices(YOU))[0]).not.toHaveProperty('leftOut');
	isLoadable = true;
	const element = await me.encrypt(YOU, 'hello');
	expect(me.leftOut).toEqual([]);
	expect(await you.decrypt(me.account, element)).toMatchObject({ text: 'hello' });
});

it('a message that cannot be decrypted without it is not broken, and is read once it is there', async () => {
	const server = new Server();
	const me = await new Client(server, 'me@a.example').start();
	const you = await new Client(server, YOU).start();
	const element = await me.encrypt(YOU, 'hello');
	const refuse = () => Promise.reject(new DOMException('', 'OperationError'));
	const derive = vi.spyOn(crypto.subtle, 'deriveBits').mockImplementation(refuse);
	isLoadable = false;
	const reading = you.decrypt(me.account, element);
	await expect(reading).rejects.toMatchObject({ name: 'OmemoError', code: 'unavailable' });
	isLoadable = true;
	expect(await you.decrypt(me.account, element)).toMatchObject({ text: 'hello' });
	derive.mockRestore();
});

it('a key of which no secret can come is refused without it', async () => {
	isLoadable = false;
	const pair = await generateKeyPair();
	await expect(agree(pair, new Uint8Array(32))).rejects.toMatchObject({ code: 'key-invalid' });
	isLoadable = true;
});

it('what comes before this device was made is not for it', async () => {
	const server = new Server();
	const me = new Client(server, 'me@a.example');
	const element = { sid: 1, iv: new Uint8Array(12), keys: [], payload: new Uint8Array(3) };
	await expect(me.decrypt(YOU, element)).rejects.toMatchObject({ code: 'not-for-us' });
});

it('without it this device begins later, and nobody is told of a mistake', async () => {
	isLoadable = false;
	const me = new Client(new Server(), 'me@a.example');
	await expect(me.start()).rejects.toMatchObject({ name: 'OmemoError', code: 'unavailable' });
	isLoadable = true;
	await me.start();
	expect(me.omemo.deviceId).toBeGreaterThan(0);
});
