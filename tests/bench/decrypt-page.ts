import { gcm } from '@noble/ciphers/aes.js';
import { importMediaKeys, openSegments } from '../../src/core/crypto/gcm.ts';
import { LIMITS } from '../../src/media/limits.ts';

const TOTAL = 256 * 2 ** 20;
/** noble takes seconds for as much as the others do in a blink: it gets less, and is counted by the byte. */
const NOBLE_TOTAL = 8 * 2 ** 20;
const IN_FLIGHT = 4;

/** Milliseconds for 256 MiB (or what 256 MiB would take), each in one round. */
interface Round {
	readonly segments: number;
	readonly oneShot: number;
	readonly native: number;
	readonly noble: number;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
	const start = performance.now();
	await work();
	return performance.now() - start;
}

async function inFlight(count: number, work: (index: number) => Promise<unknown>): Promise<void> {
	let next = 0;
	const lane = async () => {
		while (next < count) await work(next++);
	};
	await Promise.all(Array.from({ length: IN_FLIGHT }, lane));
}

/** Authenticated decryption of the same bytes in four ways, interleaved. */
async function decryptRounds(rounds: number): Promise<Round[]> {
	const raw = crypto.getRandomValues(new Uint8Array(32));
	const iv = crypto.getRandomValues(new Uint8Array(12));
	const key = await crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt', 'decrypt']);
	const parameters = { name: 'AES-GCM', iv };
	const whole = new Uint8Array(await crypto.subtle.encrypt(parameters, key, new Uint8Array(TOTAL)));
	const size = LIMITS.segment;
	const segment = new Uint8Array(
		await crypto.subtle.encrypt(parameters, key, new Uint8Array(size)),
	);
	const small = whole.slice(0, NOBLE_TOTAL);
	const sealedSmall = gcm(raw, iv).encrypt(small);
	const cipher = await openSegments({ keys: await importMediaKeys(raw), iv });
	const results: Round[] = [];
	for (let round = 0; round < rounds; round++)
		results.push({
			segments: await timed(() =>
				inFlight(TOTAL / size, async (index) => {
					const bytes = whole.subarray(index * size, (index + 1) * size);
					await Promise.all([cipher.ghash(bytes), cipher.decrypt(index * size, bytes)]);
				}),
			),
			oneShot: await timed(() => crypto.subtle.decrypt(parameters, key, whole)),
			native: await timed(() =>
				inFlight(TOTAL / size, () => crypto.subtle.decrypt(parameters, key, segment)),
			),
			noble: (await timed(async () => gcm(raw, iv).decrypt(sealedSmall))) * (TOTAL / NOBLE_TOTAL),
		});
	return results;
}

Object.assign(globalThis, { decryptRounds });
