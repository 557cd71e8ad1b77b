import { afterEach, expect, it, vi } from 'vitest';
import { parseAesgcmUri } from '../../../src/core/links/aesgcm-uri.ts';
import { keepFile, makeKeptFile, sourceOfBlob } from '../../../src/media/keep-file.ts';
import { LINKS } from '../../../src/vault/media-record.ts';
import { createMemoryVault } from '../../../src/vault/vault.ts';
import { serveMedia } from '../../../sw/serve-media.ts';
import { createStreamedFiles } from '../../../sw/streamed-files.ts';
import { aesgcmUri, encryptFile } from '../../../tools/encrypt-file.ts';
import { videoLike } from '../media/support.ts';

afterEach(() => vi.unstubAllGlobals());

it('what is saved has the length of the file, whatever its host announced', async () => {
	const plaintext = videoLike(700_000);
	const encrypted = await encryptFile(plaintext);
	const vault = createMemoryVault();
	const { id } = await vault.media.add(
		parseAesgcmUri(aesgcmUri('https://host.example/zipped.mp4', encrypted)),
		LINKS,
	);
	// As a browser hands on a zipped answer whose encoding is hidden: the length is that of the zipped body.
	const announced = { 'Content-Length': `${encrypted.bytes.length + 1000}` };
	vi.stubGlobal(
		'fetch',
		async () => new Response(Uint8Array.from(encrypted.bytes), { headers: announced }),
	);
	const pages = { send: () => undefined, askRecord: async () => undefined };
	const serving = {
		vault: Promise.resolve(vault),
		files: createStreamedFiles(Promise.resolve(vault), pages),
	};
	const token = await vault.saves.issue(id, 'verified');
	const request = {
		url: `https://balcony.example/media/${id}/video.mp4?save=${token}`,
		method: 'GET',
		mode: 'navigate',
		destination: 'iframe',
	} as Request;
	const response = await serveMedia(request, id, serving);
	expect(response.headers.get('Content-Length')).toBe(`${plaintext.length}`);
	expect(Buffer.from(await response.arrayBuffer()).equals(plaintext)).toBe(true);
});

it('a file of ours that was asked for while it was written is served once it is', async () => {
	const plaintext = videoLike(700_000);
	const vault = createMemoryVault();
	const { record } = await makeKeptFile(vault, 'voice.m4a', 'anna@a.example');
	const pages = { send: () => undefined, askRecord: async () => undefined };
	const serving = {
		vault: Promise.resolve(vault),
		files: createStreamedFiles(Promise.resolve(vault), pages),
	};
	const url = `https://balcony.example/media/${record.id}/media.bin`;
	const ask = () => serveMedia(new Request(url, { mode: 'same-origin' }), record.id, serving);
	expect((await ask()).status).toBe(404);
	const source = sourceOfBlob(new Blob([Uint8Array.from(plaintext)]));
	await keepFile({ source, record, vault });
	const response = await ask();
	expect(response.status).toBe(200);
	expect(Buffer.from(await response.arrayBuffer()).equals(plaintext)).toBe(true);
});
