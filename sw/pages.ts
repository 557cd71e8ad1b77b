import type { WorkerMessage } from '../src/core/http/page-messages.ts';
import type { MediaRecord } from '../src/vault/media-record.ts';
import { scope } from './scope.ts';
import type { Pages } from './streamed-files.ts';

/** How long a page may take to answer, in milliseconds. */
const ANSWER_TIME = 2000;

export function createPages(): Pages {
	const all = () => scope.clients.matchAll({ type: 'window', includeUncontrolled: true });
	return {
		send(message) {
			all()
				.then((clients) => {
					for (const client of clients) client.postMessage(message);
				})
				.catch(() => undefined);
		},
		async askRecord(id) {
			const answers = (await all()).map((client) => ask(client, { kind: 'need-record', id }));
			const records = await Promise.all(answers);
			return records.find((record) => isRecordOf(id, record)) as MediaRecord | undefined;
		},
	};
}

function ask(client: Client, message: WorkerMessage): Promise<unknown> {
	return new Promise((resolve) => {
		const { port1, port2 } = new MessageChannel();
		const timer = setTimeout(resolve, ANSWER_TIME, undefined);
		port1.onmessage = ({ data }) => {
			clearTimeout(timer);
			port1.close();
			resolve(data);
		};
		client.postMessage(message, [port2]);
	});
}

/** Pages are of our origin, but may be of another version. */
function isRecordOf(id: string, data: unknown): boolean {
	if (typeof data !== 'object' || data === null) return false;
	const { id: given, url, iv, keys } = data as Partial<Record<keyof MediaRecord, unknown>>;
	if (given !== id || typeof url !== 'string' || !(iv instanceof Uint8Array)) return false;
	if (typeof keys !== 'object' || keys === null) return false;
	return (
		'ctr' in keys && keys.ctr instanceof CryptoKey && 'gcm' in keys && keys.gcm instanceof CryptoKey
	);
}
