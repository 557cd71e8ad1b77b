import { prepareFile } from '../../src/chat/files/prepare-file.ts';
import { importMediaKeys, openSegments } from '../../src/core/crypto/gcm.ts';
import {
	ciphertextOf,
	type FileSource,
	keepFile,
	makeKeptFile,
	sourceOfBlob,
} from '../../src/media/keep-file.ts';
import { LIMITS } from '../../src/media/limits.ts';
import { putCiphertext } from '../../src/media/put-ciphertext.ts';
import { openVault } from '../../src/vault/vault.ts';

const TOTAL = 256 * 2 ** 20;
const IN_FLIGHT = 4;
const { signal } = new AbortController();
const vault = openVault();

async function timed(work: () => Promise<unknown>): Promise<number> {
	const start = performance.now();
	await work();
	return performance.now() - start;
}

const target = (url: string) => {
	const put = new URL(url);
	put.protocol = 'https:';
	return { put, get: put, headers: {} };
};
const put = (url: string, body: Blob) =>
	putCiphertext(target(url), body, { signal, onProgress: () => undefined });

/** Reads, encrypts, keeps and uploads, as a share does between its tap and its message. */
async function send(url: string, source: FileSource): Promise<void> {
	const opened = await vault;
	const { record } = await makeKeptFile(opened, 'bench.bin', 'anna@example.org');
	const kept = await keepFile({ source, record, vault: opened });
	await put(url, await ciphertextOf(kept, opened));
	await opened.media.remove(kept.id);
}

function noise(length: number): Uint8Array<ArrayBuffer> {
	const bytes = new Uint8Array(length);
	for (let at = 0; at < length; at += 65_536)
		crypto.getRandomValues(bytes.subarray(at, Math.min(at + 65_536, length)));
	return bytes;
}

const share = {
	/** Authenticated encryption of the same 256 MiB, by segments over at once: how many times as fast. */
	async encrypt(): Promise<number> {
		const raw = crypto.getRandomValues(new Uint8Array(32));
		const iv = crypto.getRandomValues(new Uint8Array(12));
		const key = await crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt']);
		const whole = new Uint8Array(TOTAL);
		const cipher = await openSegments({ keys: await importMediaKeys(raw), iv });
		const size = LIMITS.segment;
		let next = 0;
		const lane = async () => {
			while (next < TOTAL / size) {
				const index = next++;
				await cipher.seal(index * size, whole.subarray(index * size, (index + 1) * size));
			}
		};
		const segments = await timed(() => Promise.all(Array.from({ length: IN_FLIGHT }, lane)));
		const oneShot = await timed(() => crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, whole));
		return oneShot / segments;
	},
	/** Sharing so many bytes over a plain PUT of them. */
	async overhead(url: string, length: number): Promise<number> {
		const parts = Array.from({ length: length / 1e6 }, () => noise(1e6));
		const blob = new Blob(parts);
		const plain = await timed(() => put(url, blob));
		const whole = await timed(() => send(url, sourceOfBlob(blob)));
		return whole / plain;
	},
	/** The same for a photo of 3 MB, with the time that it takes to clean it. */
	async latency(url: string): Promise<number> {
		const canvas = document.createElement('canvas');
		canvas.width = 2000;
		canvas.height = 1500;
		const context = canvas.getContext('2d');
		const pixels = context?.createImageData(canvas.width, canvas.height);
		if (context === null || pixels === undefined) throw new Error('no canvas');
		pixels.data.set(noise(pixels.data.length));
		for (let at = 3; at < pixels.data.length; at += 4) pixels.data[at] = 255;
		context.putImageData(pixels, 0, 0);
		const photo = await new Promise<Blob>((resolve, reject) =>
			canvas.toBlob(
				(blob) => (blob ? resolve(blob) : reject(new Error('no picture'))),
				'image/jpeg',
				0.75,
			),
		);
		const file = new File([photo], 'photo.jpg');
		const plain = await timed(() => put(url, photo));
		const whole = await timed(async () => {
			const { blob } = await prepareFile(file, { quality: 'original' });
			await send(url, sourceOfBlob(blob));
		});
		return whole / plain;
	},
	/** Shares a file that lies nowhere in the page's memory. */
	async stream(url: string, size: number): Promise<void> {
		await send(url, {
			size,
			read: async (start, end) => new Uint8Array(end - start),
		});
	},
};

Object.assign(globalThis, { share });
