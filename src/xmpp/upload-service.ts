// HTTP File Upload, XEP-0363 version 1.1.0 section 3

import type { Agent } from 'stanza';
import { bareOf } from '../core/address.ts';
import { firstAnswer } from './first-answer.ts';

const NAMESPACE = 'urn:xmpp:http:upload:0';
/** Services of a server that are asked what they are: servers with many gateways list as many. */
const MOST_ITEMS = 200;

/** Where a server takes files. */
export interface UploadService {
	readonly jid: string;
	/** bytes; undefined where it names no limit */
	readonly maxSize?: number;
}

/**
 * Asks a server, and what it lists, side by side, for one that takes files: the first of the list, unless that keeps silent.
 * undefined if there is none. Rejects as stanza does.
 */
export async function findUploadService(
	agent: Pick<Agent, 'getDiscoInfo' | 'getDiscoItems'>,
	domain: string,
): Promise<UploadService | undefined> {
	const { items } = (await agent.getDiscoItems(domain)) as { items?: unknown };
	const listed = (Array.isArray(items) ? items : [])
		.slice(0, MOST_ITEMS)
		.map((item: { jid?: unknown } | null) => bareOf(String(item?.jid ?? '')))
		.filter((jid) => jid !== undefined);
	return firstAnswer([...new Set([domain, ...listed])], async (jid) =>
		readUploadService(jid, await agent.getDiscoInfo(jid)),
	);
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
