import { openSegments } from '../../../src/core/crypto/gcm.ts';
import { parseAesgcmUri } from '../../../src/core/links/aesgcm-uri.ts';
import { LIMITS, type Limits } from '../../../src/media/limits.ts';
import { plaintextStream } from '../../../src/media/plaintext-stream.ts';
import type { StreamedFile } from '../../../src/media/streamed-file.ts';
import { openMediaFile } from '../../../src/media/tagged-file.ts';
import type { MediaRecord } from '../../../src/vault/media-record.ts';
import { LINKS } from '../../../src/vault/media-record.ts';
import { createMemoryVault, type Vault } from '../../../src/vault/vault.ts';
import { aesgcmUri, type EncryptedFile, encryptFile } from '../../../tools/encrypt-file.ts';

/** As in the app, but small and impatient: a file of a few hundred bytes has many segments and pieces. */
export const SMALL: Limits = {
	...LIMITS,
	segment: 64,
	piece: 16,
	window: 64,
	range: 256,
	firstRange: 96,
	pause: 1,
	near: 64,
	retries: 2,
	backoff: 0,
	linger: 50,
	gain: 32,
	verifyFirst: 32,
	overflow: 100_000,
};

/** The same for a file with tags, which brings segments of its own: 2^14 bytes at least. */
export const SMALL_TAGGED: Limits = {
	...SMALL,
	segment: 2 ** 12,
	piece: 4096,
	window: 2 ** 14,
	range: 2 ** 16,
	firstRange: 3 * 2 ** 13,
	near: 2 ** 14,
	gain: 2 ** 13,
	verifyFirst: 2 ** 12,
	overflow: 10_000_000,
};

/** An operation that has neither ended nor failed by then, in milliseconds, waits for ever. */
const TOO_LONG = 10_000;

/** How the adversary answers from now on; bytes count ciphertext, the tag included. */
export interface Manners {
	/** these bytes of the file are other ones; `shifts`: with every answer others */
	readonly altered: readonly number[];
	readonly shifts: boolean;
	/** how many answers are altered */
	readonly lies: number;
	readonly etag: string | undefined;
	/** how many bytes too many (or too few) it announces, `times` times; undefined: no length at all */
	readonly claims: number | undefined;
	readonly times: number;
	/** how many bytes it sends behind the file's own end; negative: how many of those it leaves out */
	readonly extra: number;
	readonly ranges: 'full' | 'ignored' | 'prosody';
	/** bytes of an answer after which it breaks off, or ends as if that were all */
	readonly cut: number;
	/** how many answers break off; what is altered in those behind them */
	readonly cuts: number;
	readonly behind: number | undefined;
	readonly calmly: boolean;
	readonly chunk: number;
	readonly status: number;
}

const HONEST: Manners = {
	altered: [],
	shifts: false,
	lies: Number.POSITIVE_INFINITY,
	etag: undefined,
	claims: 0,
	times: Number.POSITIVE_INFINITY,
	extra: 0,
	ranges: 'full',
	cut: Number.POSITIVE_INFINITY,
	cuts: Number.POSITIVE_INFINITY,
	behind: undefined,
	calmly: false,
	chunk: 48,
	status: 200,
};

/** What somebody does with the item, by one of two workers; offsets and lengths in bytes. */
export type Step =
	| { readonly kind: 'host'; readonly manners: Partial<Manners> }
	| { readonly kind: 'evict' }
	| { readonly kind: 'together'; readonly steps: readonly Step[] }
	| ({ readonly by: 0 | 1 } & (
			| { readonly kind: 'save-streamed' | 'verify' | 'retry' }
			/** the worker is killed, and another one takes its place */
			| { readonly kind: 'kill' }
			/** a player asks from an offset on, and stops after so many bytes; `dies`: its worker, after so many chunks */
			| {
					readonly kind: 'play';
					readonly from: number;
					readonly length: number;
					readonly dies?: number;
			  }
	  ));

/** A stream that gives nothing is read for ever. */
class Spinning extends Error {}

interface Worker {
	readonly session: StreamedFile;
	kill(): void;
	/** resolves when it is killed */
	readonly death: Promise<void>;
	readonly isAlive: boolean;
}

/** One item on a host that does as it likes, and everything that was ever released of it. */
export async function createStage(
	plaintext: Uint8Array,
	options: { encrypted?: EncryptedFile; limits?: Limits; segment?: number } = {},
) {
	const { encrypted = await encryptFile(plaintext), limits = SMALL } = options;
	return stageOf(plaintext, encrypted, limits, options.segment ?? limits.segment);
}

async function stageOf(
	plaintext: Uint8Array,
	encrypted: EncryptedFile,
	limits: Limits,
	segment: number,
) {
	const uri = aesgcmUri('https://host.example/video.mp4', encrypted);
	const vault: Vault = { ...createMemoryVault({ segment: limits.segment }), durable: true };
	const { id } = await vault.media.add(parseAesgcmUri(uri), LINKS);
	let manners = HONEST;
	let answers = 0;
	/** where each answer began */
	const starts: number[] = [];
	let isFalse = false;
	let wrong = 0;
	let twofold = 0;
	/** the first byte that was released for each offset, also of what is longer; -1: none yet */
	const first = new Int16Array(4 * plaintext.length).fill(-1);
	let released = 0;
	let onChunk: () => void = () => undefined;

	/** The file as this answer has it. */
	function bodyOf(answer: number): Uint8Array {
		const { shifts, extra, lies } = manners;
		const { cuts, behind } = manners;
		const later = cuts <= 0 && behind !== undefined ? [behind] : [];
		const altered = lies > 0 ? [...manners.altered, ...later] : [];
		manners = { ...manners, lies: lies - 1 };
		const body = new Uint8Array(Math.max(0, encrypted.bytes.length + extra)).fill(0xa5);
		body.set(encrypted.bytes.subarray(0, body.length));
		for (const offset of altered) {
			const at = (offset + (shifts ? 17 * answer : 0)) % Math.max(1, body.length);
			if (body.length > 0) body[at] = (body[at] ?? 0) ^ 1;
		}
		isFalse ||= altered.length > 0 || extra !== 0;
		return body;
	}

	const fetch = async (_: unknown, options: RequestInit = {}): Promise<Response> => {
		const { etag, claims, times, ranges, calmly, chunk, status, cuts } = manners;
		const cut = cuts > 0 ? manners.cut : Number.POSITIVE_INFINITY;
		const headers = new Headers(etag === undefined ? {} : { ETag: etag });
		if (options.method === 'HEAD') return new Response(null, { headers });
		answers += 1;
		if (status !== 200) return new Response(null, { status });
		const body = bodyOf(answers);
		const asked = /^bytes=(\d+)-(\d*)$/.exec(new Headers(options.headers).get('Range') ?? '');
		const [start, last] = [Number(asked?.[1] ?? 0), asked?.[2] ?? ''];
		const honours = ranges === 'full' || (ranges === 'prosody' && last === '' && start > 0);
		const isPart = asked !== null && honours;
		if (isPart && start >= body.length) return new Response(null, { status: 416 });
		starts.push(isPart ? start : 0);
		const end = isPart && last !== '' ? Math.min(body.length, Number(last) + 1) : body.length;
		const part = body.subarray(isPart ? start : 0, end);
		const more = times > 0 ? claims : 0;
		manners = { ...manners, times: times - 1, cuts: cuts - 1 };
		if (more !== undefined) headers.set('Content-Length', `${Math.max(0, part.length + more)}`);
		if (isPart && more !== undefined)
			headers.set('Content-Range', `bytes ${start}-${end - 1}/${body.length + more}`);
		let at = 0;
		const stream = new ReadableStream<Uint8Array>(
			{
				pull(controller) {
					onChunk();
					const stop = Math.min(part.length, cut);
					if (at < stop) controller.enqueue(part.slice(at, Math.min(at + chunk, stop)));
					at += chunk;
					if (at < stop) return;
					if (stop < part.length && !calmly) controller.error(new TypeError('cut'));
					else controller.close();
				},
			},
			{ highWaterMark: 0 },
		);
		return new Response(stream, { status: isPart ? 206 : 200, headers });
	};

	async function hire(): Promise<Worker> {
		let isAlive = true;
		let die: () => void = () => undefined;
		const death = new Promise<void>((resolve) => {
			die = resolve;
		});
		const session = await openMediaFile({
			record: (await vault.media.get(id)) as MediaRecord,
			vault: mortal(vault, () => isAlive),
			changed: () => undefined,
			limits,
			fetch: (...args) => (isAlive ? fetch(...args) : Promise.reject(new Error('dead'))),
		});
		return {
			session,
			death,
			get isAlive() {
				return isAlive;
			},
			kill() {
				isAlive = false;
				die();
				session.close(true).catch(() => undefined);
			},
		};
	}

	const workers: [Promise<Worker> | undefined, Promise<Worker> | undefined] = [hire(), undefined];
	const states = new Map<0 | 1, Worker>();

	async function workerOf(by: 0 | 1): Promise<Worker> {
		workers[by] ??= hire();
		const worker = await workers[by];
		states.set(by, worker);
		return worker;
	}

	async function replace(by: 0 | 1): Promise<void> {
		states.get(by)?.kill();
		states.delete(by);
		workers[by] = hire();
		await workerOf(by);
	}

	async function collect(worker: Worker, from: number, length: number, heldBack = false) {
		const { session } = worker;
		const head = await session.head();
		if (!heldBack && session.mustVerify(head)) await session.verify();
		const end = (await session.head()).size;
		const start = heldBack ? 0 : Math.min(from, Math.max(0, end - 1));
		if (end === 0) return;
		const reader = plaintextStream(session, { start, end, heldBack }, segment).getReader();
		for (let position = start; position - start < length; ) {
			const { done, value } = await reader.read();
			if (done || !worker.isAlive) return;
			if (value.length === 0) throw new Spinning();
			for (const byte of value) {
				if (byte !== plaintext[position]) wrong += 1;
				const before = first[position] ?? byte;
				if (before < 0) released += 1;
				else if (before !== byte) twofold += 1;
				first[position] = byte;
				position += 1;
			}
		}
		await reader.cancel();
	}

	async function play({ by, from, length, dies }: Step & { kind: 'play' }): Promise<void> {
		const worker = await workerOf(by);
		let left = dies ?? Number.POSITIVE_INFINITY;
		if (dies !== undefined)
			onChunk = () => {
				left -= 1;
				if (left < 0) worker.kill();
			};
		try {
			// Nobody hears of a dead worker again.
			await Promise.race([collect(worker, from, length), worker.death]);
		} finally {
			if (dies !== undefined) onChunk = () => undefined;
			if (!worker.isAlive && states.get(by) === worker) await replace(by);
		}
	}

	async function act(step: Step): Promise<void> {
		switch (step.kind) {
			case 'host':
				manners = { ...HONEST, ...step.manners };
				return;
			case 'evict':
				return vault.segments.removeAll(id);
			case 'together':
				for (const end of await Promise.allSettled(step.steps.map(act)))
					if (end.status === 'rejected' && end.reason instanceof Spinning) throw end.reason;
				return;
			case 'play':
				return play(step);
			case 'save-streamed':
				return collect(await workerOf(step.by), 0, Number.POSITIVE_INFINITY, true);
			case 'verify':
				return (await workerOf(step.by)).session.verify();
			case 'retry':
				return (await workerOf(step.by)).session.retry();
			case 'kill':
				return replace(step.by);
		}
	}

	const stateOf = (by: 0 | 1) => states.get(by)?.session.status().state;

	return {
		id,
		vault,
		/** it has sent bytes that are not the file's */
		get isFalse() {
			return isFalse;
		},
		/** bytes that were released and are not the file's */
		get wrong() {
			return wrong;
		},
		/** offsets for which two different bytes were released */
		get twofold() {
			return twofold;
		},
		/** bytes of it that were released at least once */
		get released() {
			return released;
		},
		/** how often it was asked, and how often for bytes from an offset on */
		get answers() {
			return answers;
		},
		answersFor: (offset: number) => starts.filter((start) => start === offset).length,
		/** all of it was proven by the tag at its end */
		isWhole: async () => (await vault.media.get(id))?.verdict === 'verified',
		/** Somebody at the disk changes a segment that is kept, and what was counted of it. */
		async forge(index: number): Promise<void> {
			const { keys, iv } = (await vault.media.get(id)) as MediaRecord;
			if (keys === undefined) throw new Error('no keys');
			const cipher = await openSegments({ keys, iv });
			const kept = await vault.segments.get(id, index, segment);
			const other = Uint8Array.from(kept ?? []);
			other[7] = (other[7] ?? 0) ^ 1;
			const rows = await vault.ledger.load(id);
			await vault.segments.put(id, index, other);
			await vault.ledger.removeAll(id);
			const ghash = await cipher.ghash(other);
			await vault.ledger.countAll(
				id,
				rows.map((row) => (row.index === index ? ghash : (row.ghash ?? ghash))),
			);
		},
		stateOf,
		/** whether a worker says so */
		isVerified: () => stateOf(0) === 'verified' || stateOf(1) === 'verified',
		/** Throws if the step does not come to an end, or gives a player nothing; its failures are part of the play. */
		async take(step: Step): Promise<void> {
			let timer: ReturnType<typeof setTimeout> | undefined;
			const late = new Promise<'late'>((resolve) => {
				timer = setTimeout(resolve, TOO_LONG, 'late');
			});
			const done = act(step).catch((thrown: unknown) => {
				if (thrown instanceof Spinning) throw thrown;
			});
			const outcome = await Promise.race([done, late]);
			clearTimeout(timer);
			if (outcome === 'late') throw new Error(`${JSON.stringify(step)} does not end`);
		},
		async close() {
			for (const worker of states.values()) await worker.session.close(true);
		},
	};
}

/** The same vault for a worker that may die: what it does after that never happens. */
function mortal(vault: Vault, isAlive: () => boolean): Vault {
	let calls = 0;
	const guarded = <T extends object>(part: T): T =>
		new Proxy(part, {
			get(target, name) {
				const value: unknown = Reflect.get(target, name);
				if (typeof value !== 'function') return value;
				return async (...args: unknown[]) => {
					calls += 1;
					// A disk answers now sooner, now later.
					for (let left = calls % 3; left > 0; left--) await new Promise(setImmediate);
					return isAlive() ? Reflect.apply(value, target, args) : new Promise(() => undefined);
				};
			},
		});
	const { media, ledger, segments, previews, settings } = vault;
	return {
		...vault,
		media: guarded(media),
		ledger: guarded(ledger),
		segments: guarded(segments),
		previews: guarded(previews),
		settings: guarded(settings),
	};
}
