import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RatchetError } from '../../../../src/omemo/ratchet/ratchet-error.ts';
import {
	decodePreKeyMessage,
	decodeRatchetMessage,
	encodePreKeyMessage,
	encodeRatchetMessage,
} from '../../../../src/omemo/ratchet/wire-message.ts';

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const uint32 = fc.integer({ min: 0, max: 0xffffffff });
const asBytes = (value: Uint8Array) => Uint8Array.from(value);

describe('messages on the wire', () => {
	it('come back as they were written', () => {
		fc.assert(
			fc.property(bytes(32), uint32, uint32, fc.uint8Array({ maxLength: 300 }), (key, a, b, c) => {
				const content = {
					ratchetKey: asBytes(key),
					counter: a,
					previousCounter: b,
					ciphertext: asBytes(c),
				};
				const signed = encodeRatchetMessage(content);
				const mac = new Uint8Array(8).fill(7);
				const read = decodeRatchetMessage(Uint8Array.of(...signed, ...mac));
				expect(read).toEqual({ content, signed, mac });
			}),
		);
		fc.assert(
			fc.property(
				bytes(32),
				bytes(32),
				fc.option(uint32),
				uint32,
				uint32,
				(base, id, pre, s, r) => {
					const message = {
						registrationId: r,
						...(pre === null ? {} : { preKeyId: pre }),
						signedPreKeyId: s,
						baseKey: asBytes(base),
						identityKey: asBytes(id),
						message: Uint8Array.of(1, 2, 3),
					};
					expect(decodePreKeyMessage(encodePreKeyMessage(message))).toEqual(message);
				},
			),
		);
	});

	it('are refused, and nothing worse, when they are anything else', () => {
		const valid = encodePreKeyMessage({
			registrationId: 5,
			preKeyId: 6,
			signedPreKeyId: 7,
			baseKey: new Uint8Array(32).fill(1),
			identityKey: new Uint8Array(32).fill(2),
			message: new Uint8Array(60).fill(3),
		});
		const mutated = fc
			.tuple(fc.nat(valid.length - 1), fc.uint8Array({ maxLength: 12 }), fc.nat(12))
			.map(([at, put, drop]) =>
				Uint8Array.of(...valid.subarray(0, at), ...put, ...valid.subarray(at + drop)),
			);
		fc.assert(
			fc.property(fc.oneof(mutated, fc.uint8Array({ maxLength: 200 })), (input) => {
				for (const decode of [decodePreKeyMessage, decodeRatchetMessage])
					try {
						decode(input);
					} catch (thrown) {
						expect(thrown).toBeInstanceOf(RatchetError);
					}
			}),
			{ numRuns: 2000 },
		);
	});

	it.each([
		['nothing', new Uint8Array(0)],
		['another version', new Uint8Array(64).fill(0x22)],
		['groups in groups', new Uint8Array(60_000).fill(0x0b).fill(0x33, 0, 1)],
		['a megabyte', new Uint8Array(2 ** 20).fill(0x33, 0, 1)],
		['a length without an end', Uint8Array.of(0x33, 0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f)],
	])('are refused: %s', (_, input) => {
		for (const decode of [decodePreKeyMessage, decodeRatchetMessage])
			expect(() => decode(input)).toThrow(RatchetError);
	});
});
