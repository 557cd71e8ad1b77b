import { asMediaError } from '../src/core/errors.ts';
import { parseByteRange } from '../src/core/http/byte-range.ts';
import { plaintextStream } from '../src/media/plaintext-stream.ts';
import type { StreamedFile } from '../src/media/streamed-file.ts';
import type { WorkerVault } from '../src/vault/worker-vault.ts';
import { fits, gate } from './gate.ts';
import { mediaHeaders, refusal, saveHeaders, statusOf } from './media-response.ts';
import type { StreamedFiles } from './streamed-files.ts';

/** What serving needs of the worker. */
export interface Serving {
	readonly vault: Promise<WorkerVault>;
	readonly files: StreamedFiles;
}

/** Answers every request below /media/; never rejects, never goes to the host. */
export async function serveMedia(
	request: Request,
	id: string | undefined,
	serving: Serving,
): Promise<Response> {
	const token = new URL(request.url).searchParams.get('save');
	const pass = gate({ ...requestKind(request), hasToken: token !== null });
	if (pass === 'refuse') return refusal(403);
	if (id === undefined) return refusal(404);
	try {
		const file = () => serving.files.get(id);
		if (pass === 'show') return await show(request, await file());
		const { saves, media } = await serving.vault;
		const mode = await saves.take(id, token ?? '');
		// Its name may have come behind it.
		const record = await media.get(id).catch(() => undefined);
		return await save(await file(), mode === 'streamed', record?.name);
	} catch (thrown) {
		const error = asMediaError(thrown);
		serving.files.failed(id, error);
		return refusal(statusOf(error.code));
	}
}

function requestKind({ method, mode, destination }: Request) {
	return { method, mode, destination };
}

async function show(request: Request, file: StreamedFile): Promise<Response> {
	let head = await file.head(request.signal);
	if (!fits(request.destination, head)) return refusal(415);
	if (file.mustVerify(head) && request.method === 'GET') {
		await file.verify(request.signal);
		head = await file.head();
		if (!fits(request.destination, head)) return refusal(415);
	}
	const { size, type } = head;
	const range = parseByteRange(request.headers.get('Range'), size);
	if (range.kind === 'unsatisfiable') return refusal(416, { 'Content-Range': `bytes */${size}` });
	const part = range.kind === 'part' ? range : undefined;
	const body =
		request.method === 'HEAD'
			? null
			: plaintextStream(file, { start: part?.start ?? 0, end: part?.end ?? size });
	return new Response(body, {
		status: part === undefined ? 200 : 206,
		headers: mediaHeaders(type, size, part),
	});
}

async function save(file: StreamedFile, streamed: boolean, name = file.name): Promise<Response> {
	await (streamed ? file.head() : file.verify());
	const { size } = await file.head();
	const body = plaintextStream(file, { start: 0, end: size, heldBack: streamed });
	return new Response(body, { headers: saveHeaders(name, size) });
}
