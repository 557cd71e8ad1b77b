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
	/** it is the address of a group chat, to be joined (XEP-0045 section 17.2) */
	readonly isGroup?: true;
}

const URI = /^xmpp:([^?#]+)(?:\?([^#]*))?$/i;
const DEVICE_KEY = 'omemo-sid-';
const DEVICE = /^omemo-sid-([1-9][0-9]{0,9})=([0-9a-f][0-9a-f:\s-]*)$/i;
/** Separators in a fingerprint, for reading aloud. */
const GAPS = /[:\s-]/g;
/** A key of Curve25519, by itself or behind the byte that says so. */
const FINGERPRINT = /^(?:05)?([0-9a-f]{64})$/;
const GROUP = /^(?:join|invite)$|^type=groupchat$/i;
const MAX_ID = 0xffffffff;
/** A link that names more is not by a person. */
const MAX_DEVICES = 32;
const MAX_LENGTH = 8192;

/**
 * Reads `xmpp:name@server`, also with the fingerprints that other clients add as `?omemo-sid-<device>=<hex>;...` (RFC 5122;
 * XEP-0147 section 3): Profanity up to 0.13.1 puts dashes into them, some put `&` between devices, and a key as OMEMO sends it
 * begins with 05. What else stands in the query is passed over, unless it says that this is a group chat.
 * Undefined for anything else: with a resource or authority, a device that is not exactly one, or is there twice with
 * different fingerprints.
 */
export function parseContactUri(text: string): ContactUri | undefined {
	if (text.length > MAX_LENGTH) return undefined;
	const [, path = '', query = ''] = URI.exec(text.trim()) ?? [];
	const address = parseAddress(decoded(path) ?? '');
	if (address === undefined) return undefined;
	const named = new Map<number, string>();
	const pairs = query.split(/[;&]/);
	for (const pair of pairs) {
		if (!pair.toLowerCase().startsWith(DEVICE_KEY)) continue;
		const [, digits, hex = ''] = DEVICE.exec(decoded(pair) ?? '') ?? [];
		const id = Number(digits);
		const [, fingerprint] = FINGERPRINT.exec(hex.replace(GAPS, '').toLowerCase()) ?? [];
		if (!(id <= MAX_ID) || fingerprint === undefined) return undefined;
		if ((named.get(id) ?? fingerprint) !== fingerprint) return undefined;
		named.set(id, fingerprint);
	}
	if (named.size > MAX_DEVICES) return undefined;
	return {
		address,
		devices: [...named].map(([id, fingerprint]) => ({ id, fingerprint })),
		...(pairs.some((pair) => GROUP.test(pair)) ? { isGroup: true } : {}),
	};
}

/** Reads what a person types or pastes to name somebody: an address, or a link. */
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
