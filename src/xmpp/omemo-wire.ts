// OMEMO Encryption, XEP-0384 version 0.3.0

import type { Bytes } from '../core/bytes.ts';
import type { OmemoElement, OmemoKey, PublishedBundle } from '../core/omemo-element.ts';

/** More keys than this in one element are not looked at. */
const MAX_KEYS = 1000;
const MAX_PREKEYS = 1000;
const MAX_PAYLOAD = 2 ** 20;

/** Reads what stanza made of an `<encrypted>`; its types promise more than it holds. undefined for anything else. */
export function readOmemoElement(value: unknown): OmemoElement | undefined {
	const { header, payload } = fields(value);
	const { sid, iv, keys } = fields(header);
	if (!isId(sid)) return undefined;
	const list = Array.isArray(keys) ? keys.slice(0, MAX_KEYS) : [];
	const read = list.map(readKey).filter((key) => key !== undefined);
	const payloadBytes = bytesOf(payload);
	if (payloadBytes !== undefined && payloadBytes.length > MAX_PAYLOAD) return undefined;
	return {
		sid,
		iv: bytesOf(iv) ?? new Uint8Array(0),
		keys: read,
		...(payloadBytes === undefined ? {} : { payload: payloadBytes }),
	};
}

function readKey(value: unknown): OmemoKey | undefined {
	const { rid, preKey, value: data } = fields(value);
	const bytes = bytesOf(data);
	if (!isId(rid) || bytes === undefined) return undefined;
	return { rid, isPreKey: preKey === true, bytes };
}

/** Reads a device list; what is no id in it is left out. */
export function readDeviceList(content: unknown): number[] | undefined {
	const { devices } = fields(content);
	if (devices === undefined) return [];
	return Array.isArray(devices) ? devices.filter(isId) : undefined;
}

/** Reads a bundle; undefined if something that a session needs is missing. */
export function readBundle(content: unknown): PublishedBundle | undefined {
	const bundle = fields(content);
	const identityKey = bytesOf(bundle['identityKey']);
	const signature = bytesOf(bundle['signedPreKeySignature']);
	const signedPreKey = fields(bundle['signedPreKeyPublic']);
	const publicKey = bytesOf(signedPreKey['value']);
	const { id } = signedPreKey;
	if (!identityKey || !signature || !publicKey || !isKeyId(id)) return undefined;
	const list = Array.isArray(bundle['preKeys']) ? bundle['preKeys'].slice(0, MAX_PREKEYS) : [];
	const preKeys: { id: number; publicKey: Bytes }[] = [];
	for (const entry of list) {
		const preKey = fields(entry);
		const bytes = bytesOf(preKey['value']);
		if (bytes !== undefined && isKeyId(preKey['id']))
			preKeys.push({ id: preKey['id'], publicKey: bytes });
	}
	return { identityKey, signedPreKey: { id, publicKey, signature }, preKeys };
}

function fields(value: unknown): Record<string, unknown> {
	return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** stanza hands out a Buffer of its own. */
function bytesOf(value: unknown): Bytes | undefined {
	return value instanceof Uint8Array ? Uint8Array.from(value) : undefined;
}

function isId(value: unknown): value is number {
	return isKeyId(value) && value > 0;
}

function isKeyId(value: unknown): value is number {
	return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 0xffffffff;
}
