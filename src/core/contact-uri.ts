import { parseAddress } from './address.ts';

/** A device of somebody, and the key that it is known by. */
export interface NamedDevice {
	/** 1 to 2^32 - 1 */
	readonly id: number;
	/** identity key, 64 lowercase hex digits */
	readonly fingerprint: string;
}

/** Somebody's address, and which devices are theirs: what QR codes and links carry from one person to another. */
export interface ContactUri {
	/** bare */
	readonly address: string;
	readonly devices: readonly NamedDevice[];
}

const URI = /^xmpp:([^?#]+)(?:\?([^#]*))?$/i;
const DEVICE_KEY = 'omemo-sid-';
const DEVICE = /^omemo-sid-([1-9][0-9]{0,9})=([0-9a-f]{64})$/i;
const MAX_ID = 0xffffffff;
/** A link that names more is not by a person. */
const MAX_DEVICES = 32;
const MAX_LENGTH = 8192;

/**
 * Reads `xmpp:name@server`, also with the fingerprints that Conversations, Dino and Gajim add as
 * `?omemo-sid-<device>=<hex>;...` (RFC 5122; XEP-0147 section 3). What else stands in the query is passed over.
 * Undefined for anything else: with a resource or authority, a device that is not exactly one, or is there twice with
 * different fingerprints.
 */
export function parseContactUri(text: string): ContactUri | undefined {
	if (text.length > MAX_LENGTH) return undefined;
	const [, path = '', query = ''] = URI.exec(text.trim()) ?? [];
	const address = parseAddress(decoded(path) ?? '');
	if (address === undefined) return undefined;
	const named = new Map<number, string>();
	for (const pair of query.split(';')) {
		if (!pair.toLowerCase().startsWith(DEVICE_KEY)) continue;
		const [, digits, hex = ''] = DEVICE.exec(pair) ?? [];
		const id = Number(digits);
		const fingerprint = hex.toLowerCase();
		if (!(id <= MAX_ID) || (named.get(id) ?? fingerprint) !== fingerprint) return undefined;
		named.set(id, fingerprint);
	}
	if (named.size > MAX_DEVICES) return undefined;
	return { address, devices: [...named].map(([id, fingerprint]) => ({ id, fingerprint })) };
}

/** What a person may type or paste to name somebody: an address, or a link. */
export function parseContact(text: string): ContactUri | undefined {
	const address = parseAddress(text);
	return address === undefined ? parseContactUri(text) : { address, devices: [] };
}

/** The link that `parseContactUri` reads. */
export function formatContactUri({ address, devices }: ContactUri): string {
	const path = address.split('@').map(encodeURIComponent).join('@');
	const query = devices.map(({ id, fingerprint }) => `${DEVICE_KEY}${id}=${fingerprint}`).join(';');
	return `xmpp:${path}${query === '' ? '' : `?${query}`}`;
}

function decoded(text: string): string | undefined {
	try {
		return decodeURIComponent(text);
	} catch {
		return undefined;
	}
}
