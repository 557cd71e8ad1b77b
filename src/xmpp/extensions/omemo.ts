// OMEMO Encryption, XEP-0384 version 0.3.0

import type { Bytes } from '../../core/bytes.ts';
import {
	OMEMO_NAMESPACE,
	type OmemoElement,
	type OmemoKey,
	type PublishedBundle,
} from '../../core/omemo-element.ts';
import type { Line } from '../line.ts';
import type { OutgoingMessage } from '../message.ts';
import { stanzaBytes } from '../stanza-bytes.ts';
import { fields, present } from '../untrusted.ts';
import type { Extension, RawMessage } from './extension.ts';
import { fetchItem, publishOpenItem } from './pep.ts';

const DEVICE_LIST = `${OMEMO_NAMESPACE}.devicelist`;
const BUNDLES = `${OMEMO_NAMESPACE}.bundles`;
const bundleNode = (id: number) => `${BUNDLES}:${id}`;
/** Text for clients that cannot decrypt (section 4.4). */
const FALLBACK =
	'This message is encrypted with OMEMO, which this client does not seem to support.';
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
		...present('payload', payloadBytes),
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

/** An `<encrypted>` as stanza writes it. */
function writeOmemoElement({ sid, iv, keys, payload }: OmemoElement): object {
	return {
		header: {
			sid,
			iv: stanzaBytes(iv),
			keys: keys.map(({ rid, isPreKey, bytes }) => ({
				rid,
				...(isPreKey ? { preKey: true } : {}),
				value: stanzaBytes(bytes),
			})),
		},
		...(payload === undefined ? {} : { payload: stanzaBytes(payload) }),
	};
}

function writeBundle({ identityKey, signedPreKey, preKeys }: PublishedBundle) {
	return {
		itemType: BUNDLES,
		identityKey: stanzaBytes(identityKey),
		signedPreKeyPublic: { id: signedPreKey.id, value: stanzaBytes(signedPreKey.publicKey) },
		signedPreKeySignature: stanzaBytes(signedPreKey.signature),
		preKeys: preKeys.map(({ id, publicKey }) => ({ id, value: stanzaBytes(publicKey) })),
	};
}

/** Devices and their keys. */
export interface DeviceRequests {
	fetchDeviceList(jid: string): Promise<readonly number[] | undefined>;
	publishDeviceList(ids: readonly number[]): Promise<void>;
	fetchBundle(jid: string, id: number): Promise<PublishedBundle | undefined>;
	publishBundle(id: number, bundle: PublishedBundle): Promise<void>;
}

function deviceRequests(line: Line): DeviceRequests {
	return {
		async fetchDeviceList(jid) {
			const content = await fetchItem(line, jid, DEVICE_LIST);
			return content === undefined ? undefined : readDeviceList(content);
		},
		publishDeviceList(ids) {
			const content = { itemType: DEVICE_LIST, devices: [...ids] };
			return publishOpenItem(line, DEVICE_LIST, content);
		},
		fetchBundle: async (jid, id) => readBundle(await fetchItem(line, jid, bundleNode(id))),
		publishBundle: (id, bundle) => publishOpenItem(line, bundleNode(id), writeBundle(bundle)),
	};
}

export const OMEMO = {
	number: '0384',
	version: '0.3.0',
	name: 'OMEMO Encryption',
	features: [OMEMO_NAMESPACE],
	node: {
		name: DEVICE_LIST,
		pushed({ events }: Line, jid: string, content: unknown) {
			const ids = readDeviceList(content);
			if (ids !== undefined) events.deviceList(jid, ids);
		},
	},
	read: ({ omemo }: RawMessage) => present('encrypted', readOmemoElement(omemo)),
	write({ encrypted }: OutgoingMessage) {
		if (encrypted === undefined) return {};
		const body = encrypted.payload && FALLBACK;
		return { omemo: writeOmemoElement(encrypted), ...present('body', body) };
	},
	requests: (line: Line) => ({ devices: deviceRequests(line) }),
} satisfies Extension;
