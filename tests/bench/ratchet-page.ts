import {
	type Direction,
	KeyHelper,
	type KeyPairType,
	SessionBuilder,
	SessionCipher,
	SignalProtocolAddress,
	type StorageType,
} from '@privacyresearch/libsignal-protocol-typescript';
import { Device } from '../unit/omemo/ratchet/support.ts';
import { Client, Server } from '../unit/omemo/support.ts';

/** Messages of one round, each answered by the other side: every one of them turns the ratchet. */
const MESSAGES = 20;
const PAYLOAD = new Uint8Array(32).fill(7);

async function timed(work: () => Promise<void>): Promise<number> {
	const start = performance.now();
	await work();
	return performance.now() - start;
}

/** The other implementation's storage, in memory. */
class Store implements StorageType {
	readonly #rows = new Map<string, unknown>();
	readonly #identity: KeyPairType;
	readonly #registrationId: number;

	constructor(identity: KeyPairType, registrationId: number) {
		this.#identity = identity;
		this.#registrationId = registrationId;
	}
	getIdentityKeyPair = async () => this.#identity;
	getLocalRegistrationId = async () => this.#registrationId;
	isTrustedIdentity = async (_: string, __: ArrayBuffer, ___: Direction) => true;
	saveIdentity = async () => true;
	loadPreKey = async (id: number | string) => this.#rows.get(`p${id}`) as KeyPairType | undefined;
	storePreKey = async (id: number | string, pair: KeyPairType) =>
		void this.#rows.set(`p${id}`, pair);
	removePreKey = async (id: number | string) => void this.#rows.delete(`p${id}`);
	loadSession = async (address: string) => this.#rows.get(`s${address}`) as string | undefined;
	storeSession = async (address: string, record: string) =>
		void this.#rows.set(`s${address}`, record);
	loadSignedPreKey = async (id: number | string) =>
		this.#rows.get(`q${id}`) as KeyPairType | undefined;
	storeSignedPreKey = async (id: number | string, pair: KeyPairType) =>
		void this.#rows.set(`q${id}`, pair);
	removeSignedPreKey = async (id: number | string) => void this.#rows.delete(`q${id}`);
}

async function libsignalPair(): Promise<[SessionCipher, SessionCipher]> {
	const people = await Promise.all(
		[1, 2].map(async (registrationId) => {
			const identity = await KeyHelper.generateIdentityKeyPair();
			const store = new Store(identity, registrationId);
			const preKey = await KeyHelper.generatePreKey(1);
			const signedPreKey = await KeyHelper.generateSignedPreKey(identity, 1);
			await store.storePreKey(1, preKey.keyPair);
			await store.storeSignedPreKey(1, signedPreKey.keyPair);
			const address = new SignalProtocolAddress(`person${registrationId}`, 1);
			return { identity, store, preKey, signedPreKey, address, registrationId };
		}),
	);
	const [alice, bob] = people;
	if (alice === undefined || bob === undefined) throw new Error('two people');
	await new SessionBuilder(alice.store, bob.address).processPreKey({
		identityKey: bob.identity.pubKey,
		registrationId: bob.registrationId,
		preKey: { keyId: 1, publicKey: bob.preKey.keyPair.pubKey },
		signedPreKey: {
			keyId: 1,
			publicKey: bob.signedPreKey.keyPair.pubKey,
			signature: bob.signedPreKey.signature,
		},
	});
	return [new SessionCipher(alice.store, bob.address), new SessionCipher(bob.store, alice.address)];
}

async function throughLibsignal(from: SessionCipher, to: SessionCipher): Promise<void> {
	const { type, body = '' } = await from.encrypt(PAYLOAD.slice().buffer);
	if (type === 3) await to.decryptPreKeyWhisperMessage(body, 'binary');
	else await to.decryptWhisperMessage(body, 'binary');
}

async function throughOurs(from: Device, to: Device): Promise<void> {
	await to.receive(from, await from.send(to, PAYLOAD));
}

/** Milliseconds a message, encrypted and decrypted, and milliseconds to encrypt one to so many devices. */
async function ratchetRound(): Promise<Record<'ours' | 'libsignal' | 'one' | 'twenty', number>> {
	const [alice, bob] = [new Device(1), new Device(2)];
	await alice.begin(bob);
	await throughOurs(alice, bob);
	const ours = await timed(async () => {
		for (let n = 0; n < MESSAGES / 2; n++) {
			await throughOurs(bob, alice);
			await throughOurs(alice, bob);
		}
	});
	const [anna, ben] = await libsignalPair();
	await throughLibsignal(anna, ben);
	const libsignal = await timed(async () => {
		for (let n = 0; n < MESSAGES / 2; n++) {
			await throughLibsignal(ben, anna);
			await throughLibsignal(anna, ben);
		}
	});
	const fanout = async (devices: number) => {
		const server = new Server();
		const sender = await new Client(server, 'a@a.example').start();
		for (let n = 0; n < devices; n++) await new Client(server, 'b@b.example').start();
		await sender.encrypt('b@b.example', 'begin');
		const time = await timed(async () => {
			for (let n = 0; n < 5; n++) await sender.encrypt('b@b.example', 'hello');
		});
		return time / 5;
	};
	const [one, twenty] = [await fanout(1), await fanout(20)];
	return { ours: ours / MESSAGES, libsignal: libsignal / MESSAGES, one, twenty };
}

Object.assign(globalThis, { ratchetRound });
