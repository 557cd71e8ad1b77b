// HTTP File Upload, XEP-0363 version 1.1.0

import type { Agent } from 'stanza';
import { isLoopbackHost, isPublicHost } from '../../core/http/host-policy.ts';
import { aesgcmUrl } from '../../core/links/aesgcm-uri.ts';
import { ShareError, type ShareErrorDetail } from '../../core/share-error.ts';
import { cutText } from '../../core/text/cut-text.ts';
import { firstAnswer } from '../first-answer.ts';
import type { Line } from '../line.ts';
import { asXmppError, isPassing, XmppError } from '../xmpp-error.ts';
import type { Extension } from './extension.ts';
import { fetchServices } from './service-discovery.ts';

/** Set by the build; only `npm start` and the tests have it. */
declare const __LOOPBACK__: boolean;

const NAMESPACE = 'urn:xmpp:http:upload:0';
const TYPE = 'application/octet-stream';
const HEADERS: Record<string, string> = { authorization: 'Authorization', expires: 'Expires' };
const MAX_HEADER = 8192;
const MAX_TEXT = 200;

/** Where a server takes files. */
export interface UploadService {
	readonly jid: string;
	/** bytes; undefined where it names no limit */
	readonly maxSize?: number;
}

/** Where one file goes, and where it will be found. */
export interface UploadSlot {
	/** https */
	readonly put: URL;
	/** https, as an aesgcm URI can carry it */
	readonly get: URL;
	/** of those that a slot may ask for (section 5): `Authorization` and `Expires` */
	readonly headers: Readonly<Record<string, string>>;
}

export interface UploadRequests {
	/** undefined if the server takes no files. */
	findService(): Promise<UploadService | undefined>;
	/** A place for one file of exactly `size` bytes. Throws ShareError, too. */
	requestSlot(service: UploadService, file: { name: string; size: number }): Promise<UploadSlot>;
}

/**
 * Asks a server's services (section 3) side by side for one that takes files: the first of the list, unless that keeps silent.
 * undefined if all of them say that they do not. Throws XmppError `timeout` if none does, and some did not answer: the
 * service may be among those.
 */
export async function findUploadService(
	agent: Pick<Agent, 'getDiscoInfo'>,
	services: readonly string[],
): Promise<UploadService | undefined> {
	return firstAnswer(services, async (jid) => {
		try {
			return readUploadService(jid, await agent.getDiscoInfo(jid));
		} catch (thrown) {
			const error = asXmppError(thrown);
			if (isPassing(error)) throw new XmppError('timeout', { cause: thrown });
			if (error.code === 'offline') throw error;
			return undefined;
		}
	});
}

/** Reads what a service says of itself. */
export function readUploadService(jid: string, info: unknown): UploadService | undefined {
	const { features, extensions } = (info ?? {}) as { features?: unknown; extensions?: unknown };
	if (!Array.isArray(features) || !features.includes(NAMESPACE)) return undefined;
	const fields = (Array.isArray(extensions) ? extensions : []).flatMap(
		(form: { fields?: unknown } | null) => (Array.isArray(form?.fields) ? form.fields : []),
	);
	const limit = fields.find((field: { name?: unknown }) => field?.name === 'max-file-size');
	const maxSize = Number((limit as { value?: unknown } | undefined)?.value ?? Number.NaN);
	return { jid, ...(Number.isSafeInteger(maxSize) && maxSize > 0 ? { maxSize } : {}) };
}

/** Asks for a slot for exactly `size` bytes. Throws ShareError, or rejects as stanza does where there was no answer. */
export async function requestUploadSlot(
	agent: Pick<Agent, 'getUploadSlot'>,
	{ jid, maxSize }: UploadService,
	{ name, size }: { name: string; size: number },
): Promise<UploadSlot> {
	if (maxSize !== undefined && size > maxSize)
		throw new ShareError('too-large', { detail: { limit: maxSize } });
	let slot: unknown;
	try {
		slot = await agent.getUploadSlot(jid, { name, size, mediaType: TYPE });
	} catch (thrown) {
		throw readSlotError(thrown) ?? thrown;
	}
	return readUploadSlot(slot);
}

/** Reads what a service answers. Throws ShareError `slot-invalid` or `slot-cookie`. */
export function readUploadSlot(slot: unknown): UploadSlot {
	const { upload, download } = (slot ?? {}) as { upload?: unknown; download?: unknown };
	const { url, headers } = (upload ?? {}) as { url?: unknown; headers?: unknown };
	const [put, got] = [secure(url), secure(download)];
	// Before anything is uploaded: a link that nobody can write or open is of no use to anybody.
	const get = got && aesgcmUrl(got);
	if (put === undefined || get === undefined) throw new ShareError('slot-invalid');
	put.hash = '';
	const wanted: Record<string, string> = {};
	for (const header of Array.isArray(headers) ? headers : []) {
		const { name, value } = (header ?? {}) as { name?: unknown; value?: unknown };
		if (typeof name !== 'string' || typeof value !== 'string') continue;
		const plain = name
			.replace(/[\r\n]/g, '')
			.trim()
			.toLowerCase();
		if (plain === 'cookie') throw new ShareError('slot-cookie', { detail: { host: put.host } });
		// Others must not be sent (section 5).
		const known = HEADERS[plain];
		if (known !== undefined)
			wanted[known] = value.replace(/[^\x20-\x7e]/g, '').slice(0, MAX_HEADER);
	}
	return { put, get, headers: wanted };
}

function secure(text: unknown): URL | undefined {
	if (typeof text !== 'string' || !URL.canParse(text)) return undefined;
	const url = new URL(text);
	// A server on this machine, in the build that speaks to one: it is fetched as http again.
	const isOurs = __LOOPBACK__ && isLoopbackHost(url.hostname);
	if (isOurs) url.protocol = 'https:';
	const isPlain = url.protocol === 'https:' && url.username === '' && url.password === '';
	return isPlain && (isOurs || isPublicHost(url.hostname)) ? url : undefined;
}

/** The ShareError for an answer of the service that refuses (section 4); undefined if it is none. */
function readSlotError(thrown: unknown): ShareError | undefined {
	if (thrown instanceof XmppError || thrown instanceof ShareError) return undefined;
	const { error } = (thrown ?? {}) as { error?: Record<string, unknown> };
	const { condition, text, httpUploadError, httpUploadMaxFileSize, httpUploadRetry } = error ?? {};
	if (typeof condition !== 'string' || condition === 'timeout') return undefined;
	const detail: ShareErrorDetail = {
		...(typeof text === 'string' && text !== '' ? { text: cutText(text, MAX_TEXT) } : {}),
		...(isSize(httpUploadMaxFileSize) ? { limit: httpUploadMaxFileSize } : {}),
		...(httpUploadRetry instanceof Date && !Number.isNaN(httpUploadRetry.getTime())
			? { retryAt: httpUploadRetry.getTime() }
			: {}),
	};
	if (httpUploadError === 'file-too-large') return new ShareError('too-large', { detail });
	if (condition === 'resource-constraint') return new ShareError('quota', { detail });
	if (condition === 'forbidden' || condition === 'not-allowed' || condition === 'not-authorized')
		return new ShareError('forbidden', { detail });
	if (isPassing(asXmppError(thrown))) return new ShareError('slot-timeout', { detail });
	return new ShareError('slot-refused', { detail: { ...detail, text: detail.text ?? condition } });
}

function isSize(value: unknown): value is number {
	return Number.isSafeInteger(value) && Number(value) > 0;
}

function uploadRequests(line: Line): UploadRequests {
	const { agent, request } = line;
	const find = async () => findUploadService(agent, await fetchServices(line));
	return {
		findService: () => request(find()),
		requestSlot: (service, file) => request(requestUploadSlot(agent, service, file)),
	};
}

export const UPLOAD = {
	number: '0363',
	version: '1.1.0',
	name: 'HTTP File Upload',
	requests: (line: Line) => ({ upload: uploadRequests(line) }),
} satisfies Extension;
