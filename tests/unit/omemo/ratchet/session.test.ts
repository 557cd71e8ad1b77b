import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
	MAX_ARCHIVED,
	MAX_CHAINS,
	MAX_SKIP,
	MAX_SKIPPED,
} from '../../../../src/omemo/ratchet/bounds.ts';
import { RatchetError } from '../../../../src/omemo/ratchet/ratchet-error.ts';
import { beginSession, type SealedMessage } from '../../../../src/omemo/ratchet/session.ts';
import {
	decodePreKeyMessage,
	encodePreKeyMessage,
} from '../../../../src/omemo/ratchet/wire-message.ts';
import { bytesOf, Device, flipped } from './support.ts';

const hello = bytesOf('hello');

/** The same beginning, as whoever carries it can write it: X25519 passes over the highest bit of a point (RFC 7748). */
function disguised({ bytes, isPreKey }: SealedMessage): SealedMessage {
	const message = decodePreKeyMessage(bytes);
	const baseKey = Uint8Array.from(message.baseKey);
	baseKey[31] = (baseKey[31] ?? 0) ^ 0x80;
	return { bytes: encodePreKeyMessage({ ...message, baseKey }), isPreKey };
}

async function acquainted(): Promise<[Device, Device]> {
	const [alice, bob] = [new Device(1), new Device(2)];
	await alice.begin(bob);
	await bob.receive(alice, await alice.send(bob, hello));
	await alice.receive(bob, await bob.send(alice, hello));
	return [alice, bob];
}

describe('a session', () => {
	it.each([true, false])('begins with a bundle, with a prekey: %s', async (withPreKey) => {
		const [alice, bob] = [new Device(1), new Device(2)];
		await alice.begin(bob, bob.bundle(withPreKey));
		const first = await alice.send(bob, hello);
		expect(first.isPreKey).toBe(true);
		expect(await bob.receive(alice, first)).toEqual(hello);
		const answer = await bob.send(alice, bytesOf('hi'));
		expect(answer.isPreKey).toBe(false);
		expect(await alice.receive(bob, answer)).toEqual(bytesOf('hi'));
		expect((await alice.send(bob, hello)).isPreKey).toBe(false);
	});

	it('carries messages that are lost, late, repeated and simultaneous, in any schedule', async () => {
		const step = fc.record({
			from: fc.constantFrom(0, 1),
			what: fc.constantFrom(
				'send',
				'send',
				'send',
				'deliver',
				'deliver',
				'repeat',
				'tamper',
				'begin',
			),
			pick: fc.nat(1000),
		});
		await fc.assert(
			fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
				const devices = [new Device(1), new Device(2)] as const;
				const lines: { message: SealedMessage; text: string }[][] = [[], []];
				const done: SealedMessage[][] = [[], []];
				for (const [number, { from, what, pick }] of steps.entries()) {
					const [sender, receiver] = [devices[from] as Device, devices[1 - from] as Device];
					const line = lines[from] ?? [];
					const old = done[from] ?? [];
					if (what === 'begin' || (what === 'send' && !sender.sessions.has(receiver)))
						await sender.begin(receiver);
					if (what === 'send') {
						const text = `message ${number}`;
						line.push({ message: await sender.send(receiver, bytesOf(text)), text });
					}
					const at = pick % Math.max(line.length, 1);
					const next = line[at];
					if (next !== undefined && (what === 'deliver' || what === 'tamper')) {
						if (what === 'tamper') {
							const before = structuredClone(receiver.sessions.get(sender));
							const bytes = flipped(next.message.bytes, pick * 7);
							await receiver.receive(sender, { ...next.message, bytes }).then(
								// The registration id and the field's own bits are covered by no MAC.
								(plaintext) => {
									expect(plaintext).toEqual(bytesOf(next.text));
									line.splice(at, 1);
								},
								() => expect(receiver.sessions.get(sender)).toEqual(before),
							);
						} else {
							expect(await receiver.receive(sender, next.message)).toEqual(bytesOf(next.text));
							line.splice(at, 1);
							old.push(next.message);
						}
					}
					const again = old[pick % Math.max(old.length, 1)];
					if (what === 'repeat' && again !== undefined)
						await expect(receiver.receive(sender, again)).rejects.toBeInstanceOf(RatchetError);
				}
			}),
			{ numRuns: 40 },
		);
	});

	it('survives that both begin at once, whoever is heard first', async () => {
		const [alice, bob] = [new Device(1), new Device(2)];
		await alice.begin(bob);
		await bob.begin(alice);
		const fromAlice = [await alice.send(bob, hello), await alice.send(bob, bytesOf('a2'))];
		const fromBob = [await bob.send(alice, hello), await bob.send(alice, bytesOf('b2'))];
		for (const message of fromAlice) await bob.receive(alice, message);
		for (const message of fromBob) await alice.receive(bob, message);
		for (let round = 0; round < 3; round++) {
			expect(await alice.receive(bob, await bob.send(alice, hello))).toEqual(hello);
			expect(await bob.receive(alice, await alice.send(bob, hello))).toEqual(hello);
		}
		expect((await alice.send(bob, hello)).isPreKey).toBe(false);
	});

	it('is not begun again by a first message that is repeated', async () => {
		const [alice, bob] = [new Device(1), new Device(2)];
		await alice.begin(bob);
		const first = await alice.send(bob, hello);
		await bob.receive(alice, first);
		const before = bob.sessions.get(alice);
		await expect(bob.receive(alice, first)).rejects.toMatchObject({ code: 'duplicate' });
		expect(bob.sessions.get(alice)).toBe(before);
	});

	it.each([true, false])(
		'that is gone is not begun again, whatever is done to its base key; with a prekey: %s',
		async (withPreKey) => {
			const [alice, bob] = [new Device(1), new Device(2)];
			await alice.begin(bob, bob.bundle(withPreKey));
			const first = await alice.send(bob, hello);
			await bob.receive(alice, first);
			bob.sessions.clear();
			await expect(bob.receive(alice, first)).rejects.toMatchObject({ code: 'duplicate' });
			await expect(bob.receive(new Device(3), first)).rejects.toMatchObject({ code: 'duplicate' });
			const altered = disguised(first);
			await expect(bob.receive(alice, altered)).rejects.toMatchObject({
				code: withPreKey ? 'prekey-missing' : 'duplicate',
			});
		},
	);

	it('reads on where the base key came disguised, first or later', async () => {
		const [alice, bob] = [new Device(1), new Device(2)];
		await alice.begin(bob, bob.bundle(false));
		const [first, second, third] = [
			await alice.send(bob, hello),
			await alice.send(bob, bytesOf('two')),
			await alice.send(bob, bytesOf('three')),
		];
		expect(await bob.receive(alice, disguised(first))).toEqual(hello);
		expect(await bob.receive(alice, second)).toEqual(bytesOf('two'));
		await expect(bob.receive(alice, first)).rejects.toMatchObject({ code: 'duplicate' });
		await expect(bob.receive(alice, disguised(second))).rejects.toMatchObject({
			code: 'duplicate',
		});
		expect(await bob.receive(alice, disguised(third))).toEqual(bytesOf('three'));
		expect(bob.sessions.get(alice)?.archived).toEqual([]);
	});

	it('outlives any number of tries to mend it that nobody answers', async () => {
		const [alice, bob] = await acquainted();
		const late = await bob.send(alice, bytesOf('late'));
		for (let round = 0; round < MAX_ARCHIVED + 3; round++) await alice.begin(bob);
		expect(alice.sessions.get(bob)?.archived.length).toBe(MAX_ARCHIVED);
		expect(await alice.receive(bob, late)).toEqual(bytesOf('late'));
	});

	it('needs the prekeys that it names', async () => {
		const [alice, bob, other] = [new Device(1), new Device(2), new Device(3)];
		const bundle = bob.bundle();
		await alice.begin(bob, bundle);
		await other.begin(bob, bundle);
		await bob.receive(alice, await alice.send(bob, hello));
		const late = other.send(bob, hello);
		await expect(bob.receive(other, await late)).rejects.toMatchObject({ code: 'prekey-missing' });
		expect(bob.sessions.has(other)).toBe(false);
	});

	it('is not begun with a bundle that is not signed, or of low order', async () => {
		const [alice, bob] = [new Device(1), new Device(2)];
		const bundle = bob.bundle();
		const { signedPreKey } = bundle;
		for (const bad of [
			{ ...bundle, identityKey: new Device(3).local.keyPair.publicKey },
			{ ...bundle, signedPreKey: { ...signedPreKey, signature: new Uint8Array(64) } },
			{ ...bundle, signedPreKey: { ...signedPreKey, publicKey: alice.local.keyPair.publicKey } },
		])
			await expect(beginSession(alice.local, bad)).rejects.toMatchObject({
				code: 'signature-invalid',
			});
		const lowOrder = { ...bundle, preKey: { id: 1, publicKey: new Uint8Array(32) } };
		await expect(beginSession(alice.local, lowOrder)).rejects.toMatchObject({
			code: 'key-invalid',
		});
	});

	it('is not changed by any flipped bit of a message', async () => {
		const [alice, bob] = await acquainted();
		const message = await alice.send(bob, hello);
		const before = structuredClone(bob.sessions.get(alice));
		for (let bit = 0; bit < message.bytes.length * 8; bit++) {
			const bytes = flipped(message.bytes, bit);
			await expect(bob.receive(alice, { bytes, isPreKey: false })).rejects.toBeInstanceOf(
				RatchetError,
			);
		}
		expect(bob.sessions.get(alice)).toEqual(before);
		expect(await bob.receive(alice, message)).toEqual(hello);
	});

	it('keeps keys for what is late, up to a bound', async () => {
		const [alice, bob] = await acquainted();
		const messages: SealedMessage[] = [];
		for (let i = 0; i <= MAX_SKIP; i++) messages.push(await alice.send(bob, hello));
		const tooFar = await alice.send(bob, hello);
		await expect(bob.receive(alice, tooFar)).rejects.toMatchObject({ code: 'too-far' });
		expect(await bob.receive(alice, messages[MAX_SKIP] as SealedMessage)).toEqual(hello);
		expect(await bob.receive(alice, messages[0] as SealedMessage)).toEqual(hello);
		expect(await bob.receive(alice, tooFar)).toEqual(hello);
		const kept = bob.sessions.get(alice)?.current.receiving ?? [];
		expect(kept.reduce((sum, { skipped }) => sum + skipped.length, 0)).toBeLessThanOrEqual(
			MAX_SKIPPED,
		);
	});

	it('keeps a bounded number of chains and of older sessions', async () => {
		const [alice, bob] = await acquainted();
		const late = await alice.send(bob, bytesOf('late'));
		for (let round = 0; round < MAX_CHAINS + 2; round++) {
			await bob.receive(alice, await alice.send(bob, hello));
			await alice.receive(bob, await bob.send(alice, hello));
		}
		expect(bob.sessions.get(alice)?.current.receiving.length).toBe(MAX_CHAINS);
		await expect(bob.receive(alice, late)).rejects.toBeInstanceOf(RatchetError);
		for (let round = 0; round < MAX_ARCHIVED + 3; round++) {
			await alice.begin(bob);
			await bob.receive(alice, await alice.send(bob, hello));
		}
		expect(bob.sessions.get(alice)?.archived.length).toBe(MAX_ARCHIVED);
		expect(alice.sessions.get(bob)?.archived.length).toBe(MAX_ARCHIVED);
		expect(await alice.receive(bob, await bob.send(alice, hello))).toEqual(hello);
	});

	it('of an older kind goes on decrypting after a new one has begun', async () => {
		const [alice, bob] = await acquainted();
		const late = await bob.send(alice, bytesOf('late'));
		await alice.begin(bob);
		expect(await alice.receive(bob, late)).toEqual(bytesOf('late'));
		expect(await bob.receive(alice, await alice.send(bob, hello))).toEqual(hello);
	});
});

describe('a message that no session knows', () => {
	/** Two who have begun anew so often that one of them keeps as many old sessions as there may be. */
	async function withManySessions(): Promise<[Device, Device]> {
		const [alice, bob] = [new Device(1), new Device(2)];
		for (let count = 0; count <= MAX_ARCHIVED; count++) {
			await alice.begin(bob);
			await bob.receive(alice, await alice.send(bob, hello));
			await alice.receive(bob, await bob.send(alice, hello));
		}
		return [alice, bob];
	}

	it('is given up once its sessions together have cost enough', async () => {
		const [alice, bob] = await withManySessions();
		const [mallory, other] = await acquainted();
		for (let count = 0; count < MAX_SKIP; count++) await mallory.send(other, hello);
		const far = await mallory.send(other, hello);
		await expect(bob.receive(alice, far)).rejects.toMatchObject({ code: 'too-far' });
		expect(await bob.receive(alice, await alice.send(bob, hello))).toEqual(hello);
	});

	it('costs little where it is near: the oldest session is still found', async () => {
		const [alice, bob] = await withManySessions();
		const session = alice.sessions.get(bob) ?? expect.unreachable();
		const oldest = session.archived.at(-1) ?? expect.unreachable();
		alice.sessions.set(bob, { current: oldest, archived: [] });
		for (let count = 0; count < 50; count++) await alice.send(bob, hello);
		expect(await bob.receive(alice, await alice.send(bob, hello))).toEqual(hello);
	});
});
