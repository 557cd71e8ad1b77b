// HTTP File Upload, XEP-0363 version 1.1.0 section 3

import type { Agent } from 'stanza';
import { firstAnswer } from './first-answer.ts';
import { asXmppError, isPassing, XmppError } from './xmpp-error.ts';

const NAMESPACE = 'urn:xmpp:http:upload:0';
/** Where a server takes files. */
export interface UploadService {
	readonly jid: string;
	/** bytes; undefined where it names no limit */
	readonly maxSize?: number;
}

/**
 * Asks a server's services side by side for one that takes files: the first of the list, unless that keeps silent.
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
