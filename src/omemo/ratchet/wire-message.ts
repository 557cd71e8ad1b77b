import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { type Bytes, concatBytes } from '../../core/bytes.ts';
import { MAX_MESSAGE } from './bounds.ts';
import { decodePublicKey, encodePublicKey } from './key-pair.ts';
import { RatchetError } from './ratchet-error.ts';

/** Version 3 in both halves: what the message is, and what its sender could speak. */
const VERSION = 0x33;
const MAC_LENGTH = 8;

/** A message within a session (Signal's WhisperMessage). */
export interface RatchetMessage {
	/** 32 bytes */
	readonly ratchetKey: Bytes;
	readonly counter: number;
	readonly previousCounter: number;
	readonly ciphertext: Bytes;
}

/** A message that starts a session (Signal's PreKeyWhisperMessage); public keys of 32 bytes. */
export interface PreKeyMessage {
	readonly registrationId: number;
	/** absent where the bundle had none left */
	readonly preKeyId?: number;
	readonly signedPreKeyId: number;
	readonly baseKey: Bytes;
	readonly identityKey: Bytes;
	/** a whole ratchet message */
	readonly message: Bytes;
}

/** A ratchet message as it came: `signed` is what its MAC covers. */
export interface ReceivedMessage {
	readonly content: RatchetMessage;
	readonly signed: Bytes;
	readonly mac: Bytes;
}

/** Version and protobuf: what the MAC covers, and follows. */
export function encodeRatchetMessage(message: RatchetMessage): Bytes {
	const writer = new BinaryWriter();
	writer.tag(1, WireType.LengthDelimited).bytes(encodePublicKey(message.ratchetKey));
	writer.tag(2, WireType.Varint).uint32(message.counter);
	writer.tag(3, WireType.Varint).uint32(message.previousCounter);
	writer.tag(4, WireType.LengthDelimited).bytes(message.ciphertext);
	return concatBytes(Uint8Array.of(VERSION), writer.finish());
}

/** Throws RatchetError `message-invalid` or `key-invalid`. */
export function decodeRatchetMessage(bytes: Uint8Array): ReceivedMessage {
	if (bytes.length < 1 + MAC_LENGTH) throw new RatchetError('message-invalid');
	const end = bytes.length - MAC_LENGTH;
	const { numbers, buffers } = readFields(bytes.subarray(0, end));
	return {
		content: {
			ratchetKey: decodePublicKey(need(buffers.get(1))),
			counter: need(numbers.get(2)),
			previousCounter: numbers.get(3) ?? 0,
			ciphertext: need(buffers.get(4)),
		},
		signed: Uint8Array.from(bytes.subarray(0, end)),
		mac: Uint8Array.from(bytes.subarray(end)),
	};
}

/** The whole message: it has no MAC of its own. */
export function encodePreKeyMessage(message: PreKeyMessage): Bytes {
	const writer = new BinaryWriter();
	if (message.preKeyId !== undefined) writer.tag(1, WireType.Varint).uint32(message.preKeyId);
	writer.tag(2, WireType.LengthDelimited).bytes(encodePublicKey(message.baseKey));
	writer.tag(3, WireType.LengthDelimited).bytes(encodePublicKey(message.identityKey));
	writer.tag(4, WireType.LengthDelimited).bytes(message.message);
	writer.tag(5, WireType.Varint).uint32(message.registrationId);
	writer.tag(6, WireType.Varint).uint32(message.signedPreKeyId);
	return concatBytes(Uint8Array.of(VERSION), writer.finish());
}

/** Throws RatchetError `message-invalid` or `key-invalid`. */
export function decodePreKeyMessage(bytes: Uint8Array): PreKeyMessage {
	const { numbers, buffers } = readFields(bytes);
	const preKeyId = numbers.get(1);
	return {
		registrationId: numbers.get(5) ?? 0,
		...(preKeyId === undefined ? {} : { preKeyId }),
		signedPreKeyId: need(numbers.get(6)),
		baseKey: decodePublicKey(need(buffers.get(2))),
		identityKey: decodePublicKey(need(buffers.get(3))),
		message: need(buffers.get(4)),
	};
}

/** Fields by number: integers of 32 bits and byte strings, the last of each; others are passed over. */
function readFields(bytes: Uint8Array): {
	numbers: Map<number, number>;
	buffers: Map<number, Bytes>;
} {
	if (bytes[0] !== VERSION || bytes.length > MAX_MESSAGE) throw new RatchetError('message-invalid');
	const numbers = new Map<number, number>();
	const buffers = new Map<number, Bytes>();
	try {
		const reader = new BinaryReader(bytes.subarray(1));
		while (reader.pos < reader.len) {
			const [field, type] = reader.tag();
			if (type === WireType.Varint) numbers.set(field, reader.uint32());
			else if (type === WireType.LengthDelimited)
				buffers.set(field, Uint8Array.from(reader.bytes()));
			else reader.skip(type, field);
		}
	} catch (cause) {
		throw new RatchetError('message-invalid', { cause });
	}
	return { numbers, buffers };
}

function need<T>(value: T | undefined): T {
	if (value === undefined) throw new RatchetError('message-invalid');
	return value;
}
