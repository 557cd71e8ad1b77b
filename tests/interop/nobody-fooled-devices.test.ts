import { beforeEach, expect, it, onTestFinished } from 'vitest';
import { IS_SHORT } from '../what-runs.ts';
import { ForgingDevice, garbage, readBundleXml, type Target } from './forging-device.ts';
import { LyingServer } from './lying-server.ts';
import { Person, until } from './person.ts';
import { useServer } from './use-server.ts';

/** More than identities of one person are remembered that nobody has judged. */
const FLOOD = 410;

const home = useServer();
let alice: Person;
let bob: Person;
/** between alice and the server, and between bob and the server */
let server: LyingServer;
let bobServer: LyingServer;
/** ids of their devices */
let aliceId: number;
let bobId: number;

beforeEach(async () => {
	const [wire, bobWire] = [await home.wire(), await home.wire()];
	alice = await home.join('alice', wire.server);
	bob = await home.join('bob', bobWire.server);
	server = await LyingServer.over(home, wire, alice, `nobody-${alice.user}`);
	bobServer = await LyingServer.over(home, bobWire, bob, `nobody-${bob.user}`);
	onTestFinished(() => {
		server.close();
		bobServer.close();
	});
	await alice.befriend(bob);
	[aliceId, bobId] = [await idOf(alice), await idOf(bob)];
}, 60_000);

async function idOf(person: Person): Promise<number> {
	const devices = await person.messenger.devices.of(person.jid);
	return devices.find(({ isThis }) => isThis)?.id ?? 0;
}

async function fingerprintOf(person: Person): Promise<string> {
	const devices = await person.messenger.devices.of(person.jid);
	return devices.find(({ isThis }) => isThis)?.fingerprint ?? '';
}

/** Both have written, and alice has compared bob's fingerprint. */
async function meet(): Promise<void> {
	await bob.messenger.messages.send(alice.jid, 'hello');
	await alice.received(bob, 'hello');
	await alice.messenger.messages.send(bob.jid, 'hello to you');
	await bob.received(alice, 'hello to you');
	await alice.messenger.devices.setTrust(bob.jid, await fingerprintOf(bob), 'verified');
}

/** alice's device, as her server knows it. */
async function target(): Promise<Target> {
	const isBundle = (xml: string) => xml.includes('<publish') && xml.includes(`bundles:${aliceId}`);
	return { id: aliceId, bundle: readBundleXml(await server.passed('client', isBundle)) };
}

/** What alice holds of the keys under the id of bob's device, the one in use first. */
async function held() {
	const devices = await alice.messenger.devices.of(bob.jid);
	return devices
		.filter(({ id }) => id === bobId)
		.map(({ fingerprint, trust }) => [fingerprint, trust]);
}

/** All that came from bob, as alice reads it. */
async function came(): Promise<string[]> {
	const all = await alice.allMessages(bob);
	return all.filter(({ isOwn }) => !isOwn).map(({ text, problem }) => text ?? problem ?? '');
}

/** bob's last message that alice's server saw, under another name: nothing but its key tells that it is a repetition. */
async function replayOf(text: string): Promise<string> {
	const { id } = await bob.own(alice, text);
	const xml = await server.passed(
		'server',
		(one) => one.startsWith('<message') && one.includes(id),
	);
	const bare = xml.replace(/<stanza-id\b[^>]*\/>/g, '');
	return bare.replaceAll(id, crypto.randomUUID());
}

it('a beginning under the id of a verified device loses nothing of what is on its way, and reads nothing', async () => {
	await meet();
	server.hold(bob);
	for (const text of ['one', 'two', 'three']) await bob.messenger.messages.send(alice.jid, text);
	await server.holds(3);
	const mallory = await ForgingDevice.make();
	await server.sayAs(bob, await mallory.encrypt(await target(), 'trust me', bobId));
	await server.sayAs(bob, await mallory.encrypt(await target(), 'and me', bobId));
	for (const text of ['trust me', 'and me'])
		expect((await alice.received(bob, text)).device?.trust).toBe('undecided');
	server.release();
	for (const text of ['one', 'two', 'three'])
		expect((await alice.received(bob, text)).device?.trust).toBe('verified');
	await alice.messenger.messages.send(bob.jid, 'to the true one');
	await bob.received(alice, 'to the true one');
	await alice.restart();
	await bob.messenger.messages.send(alice.jid, 'after the restart');
	await alice.received(bob, 'after the restart');
	await alice.messenger.messages.send(bob.jid, 'still to the true one');
	await bob.received(alice, 'still to the true one');
	expect(await held()).toEqual([
		[await fingerprintOf(bob), 'verified'],
		[mallory.fingerprint, 'undecided'],
	]);
}, 60_000);

it('a beginning without one-time prekey is read once, whatever became of its session', async () => {
	bobServer.alter = (xml, from) =>
		from === 'server' ? xml.replaceAll(/<preKeyPublic\b[^>]*>[^<]*<\/preKeyPublic>/g, '') : xml;
	await bob.messenger.messages.send(alice.jid, 'pay me');
	await alice.received(bob, 'pay me');
	await alice.messenger.devices.setTrust(bob.jid, await fingerprintOf(bob), 'verified');
	const replay = () => replayOf('pay me');
	const elsewhere = async () => (await replay()).replace(/\bsid=(["'])\d+/, 'sid=$1777');
	const mallory = await ForgingDevice.make();
	await server.sayAs(bob, await mallory.encrypt(await target(), 'displaced', bobId));
	await alice.received(bob, 'displaced');
	await server.say(await replay());
	await server.say(await elsewhere());
	await alice.restart();
	await server.say(await replay());
	await server.say(await elsewhere());
	await alice.messenger.devices.forget(bob.jid, await fingerprintOf(bob));
	await server.say(await replay());
	await server.say(await elsewhere());
	await server.sayAs(bob, await mallory.encrypt(await target(), 'the last', bobId));
	await alice.received(bob, 'the last');
	expect((await came()).filter((text) => text === 'pay me')).toHaveLength(1);
	// The other id is not taken for a device of bob's.
	expect((await alice.messenger.devices.of(bob.jid)).some(({ id }) => id === 777)).toBe(false);
}, 60_000);

it('a device that was taken off the list is read, and not written to for an old message', async () => {
	const tablet = await new Person(home.server, bob.user).signIn();
	const tabletId = await idOf(tablet);
	const lists = async () =>
		(await alice.messenger.devices.of(bob.jid)).some(({ id, active }) => id === tabletId && active);
	await until('two devices', lists);
	await meet();
	server.hold(tablet);
	await tablet.messenger.messages.send(alice.jid, 'before I was sold');
	await server.holds(1);
	await tablet.messenger.close();
	await bob.messenger.devices.dismiss(tabletId);
	await until('one device', async () => !(await lists()));
	server.release();
	await alice.received(bob, 'before I was sold');
	expect(await lists()).toBe(false);
	await alice.messenger.messages.send(bob.jid, 'to bob alone');
	await bob.received(alice, 'to bob alone');
	const { id } = await alice.own(bob, 'to bob alone');
	const sent = await server.passed('client', (xml) => xml.includes(id));
	expect(sent).toContain(`rid="${bobId}"`);
	expect(sent).not.toContain(`rid="${tabletId}"`);
}, 60_000);

it.skipIf(IS_SHORT)(
	`a key that is distrusted stays so after ${FLOOD} others`,
	async () => {
		await bob.messenger.messages.send(alice.jid, 'hello');
		await alice.received(bob, 'hello');
		const mallory = await ForgingDevice.make();
		await server.sayAs(bob, await mallory.encrypt(await target(), 'believe me', bobId + 1));
		expect((await alice.received(bob, 'believe me')).device?.trust).toBe('blind');
		await alice.messenger.devices.setTrust(bob.jid, mallory.fingerprint, 'distrusted');
		const to = await target();
		for (let count = 0; count < FLOOD; count++) {
			const other = await ForgingDevice.make();
			await server.sayAs(bob, await other.encrypt(to, `flood ${count}`, 1000 + count));
		}
		await alice.received(bob, `flood ${FLOOD - 1}`, 120_000);
		await server.sayAs(bob, await mallory.encrypt(to, 'and now?', bobId + 1));
		expect((await alice.received(bob, 'and now?')).device?.trust).toBe('distrusted');
		await bob.messenger.messages.send(alice.jid, 'true');
		expect((await alice.received(bob, 'true')).device?.trust).toBe('blind');
		const devices = await alice.messenger.devices.of(bob.jid);
		expect(devices.length).toBeLessThan(250);
		expect(devices.filter(({ active }) => active).map(({ id }) => id)).toEqual([bobId]);
	},
	180_000,
);

it('a list of a hundred others takes nothing from a device that was verified', async () => {
	await meet();
	server.hold(bob);
	await bob.messenger.messages.send(alice.jid, 'on its way');
	await server.holds(1);
	for (const start of [1000, 2000, 3000]) {
		await server.sayList(
			bob,
			Array.from({ length: 100 }, (_, at) => start + at),
		);
		await until('another list', async () =>
			(await alice.messenger.devices.of(bob.jid)).some(({ id, active }) => id === start && active),
		);
	}
	server.release();
	expect((await alice.received(bob, 'on its way')).device?.trust).toBe('verified');
	await server.sayList(bob, [bobId]);
	await until('the true list', async () => {
		const active = (await alice.messenger.devices.of(bob.jid)).filter((device) => device.active);
		return active.length === 1;
	});
	expect(await held()).toEqual([[await fingerprintOf(bob), 'verified']]);
	await alice.messenger.messages.send(bob.jid, 'as before');
	await bob.received(alice, 'as before');
	const { id } = await alice.own(bob, 'as before');
	expect(await server.passed('client', (xml) => xml.includes(id))).not.toContain('prekey=');
}, 60_000);

it('a bundle that is swapped while a session is mended breaks nothing', async () => {
	await meet();
	server.hold(bob);
	await bob.messenger.messages.send(alice.jid, 'on its way');
	await server.holds(1);
	const mallory = await ForgingDevice.make();
	const swapped = await mallory.bundle();
	server.alter = (xml, from) =>
		from === 'server' && xml.includes(`bundles:${bobId}`)
			? xml.replace(/<bundle\b.*<\/bundle>/s, swapped)
			: xml;
	await server.sayAs(bob, garbage(aliceId, bobId));
	await until('the other key', async () => (await held()).length === 2);
	server.release();
	expect((await alice.received(bob, 'on its way')).device?.trust).toBe('verified');
	await alice.messenger.messages.send(bob.jid, 'to the true one');
	await bob.received(alice, 'to the true one');
	await bob.messenger.messages.send(alice.jid, 'and back');
	expect((await alice.received(bob, 'and back')).device?.trust).toBe('verified');
	expect(await held()).toEqual([
		[await fingerprintOf(bob), 'verified'],
		[mallory.fingerprint, 'undecided'],
	]);
}, 60_000);

it('an app that was installed anew under its old id is written to once its bundle says so', async () => {
	await bob.messenger.messages.send(alice.jid, 'hello');
	await alice.received(bob, 'hello');
	const anew = await ForgingDevice.make();
	const published = await anew.bundle();
	await server.sayAs(bob, await anew.encrypt(await target(), 'installed anew', bobId));
	expect((await alice.received(bob, 'installed anew')).device?.trust).toBe('blind');
	expect(await held()).toEqual([
		[await fingerprintOf(bob), 'blind'],
		[anew.fingerprint, 'blind'],
	]);
	server.alter = (xml, from) =>
		from === 'server' && xml.includes(`bundles:${bobId}`)
			? xml.replace(/<bundle\b.*<\/bundle>/s, published)
			: xml;
	await alice.messenger.messages.send(bob.jid, 'to the new one');
	await alice.delivered(bob, 'to the new one', 'sent', 'delivered', 'read');
	expect(await held()).toEqual([
		[anew.fingerprint, 'blind'],
		[await fingerprintOf(bob), 'blind'],
	]);
}, 60_000);

it('a beginning under an id whose keys were not fetched yet hides neither the true key nor what is written to it', async () => {
	const listed = async (id: number) =>
		(await alice.messenger.devices.of(bob.jid)).some((device) => device.id === id && device.active);
	await until('a list', () => listed(bobId));
	const mallory = await ForgingDevice.make();
	await server.sayAs(bob, await mallory.encrypt(await target(), 'it is me', bobId));
	await alice.received(bob, 'it is me');
	await alice.messenger.messages.send(bob.jid, 'to the true one');
	await bob.received(alice, 'to the true one');
	expect(await held()).toEqual([
		[await fingerprintOf(bob), 'blind'],
		[mallory.fingerprint, 'blind'],
	]);
	await alice.messenger.devices.setTrust(bob.jid, await fingerprintOf(bob), 'verified');
	const tablet = await new Person(home.server, bob.user).signIn();
	const tabletId = await idOf(tablet);
	await until('two devices', () => listed(tabletId));
	const other = await ForgingDevice.make();
	await server.sayAs(bob, await other.encrypt(await target(), 'my new tablet', tabletId));
	expect((await alice.received(bob, 'my new tablet')).device?.trust).toBe('undecided');
	await alice.messenger.devices.learn(bob.jid);
	const ofTablet = (await alice.messenger.devices.of(bob.jid)).filter(({ id }) => id === tabletId);
	expect(ofTablet.map(({ fingerprint, trust }) => [fingerprint, trust])).toEqual([
		[await fingerprintOf(tablet), 'undecided'],
		[other.fingerprint, 'undecided'],
	]);
	await alice.messenger.devices.setTrust(bob.jid, await fingerprintOf(tablet), 'verified');
	await alice.messenger.messages.send(bob.jid, 'to both');
	await tablet.received(alice, 'to both');
	await tablet.messenger.close();
}, 60_000);
