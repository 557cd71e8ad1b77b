import { backoff } from '../../core/async/backoff.ts';
import { createSlots } from '../../core/async/slots.ts';
import { ShareError } from '../../core/share-error.ts';
import { XmppError } from '../../xmpp/xmpp-error.ts';
import { createLane, type Lane } from '../messages/lane.ts';
import { createUploadAttempt, type UploadAttemptDependencies } from './upload-attempt.ts';
import { readFailure } from './upload-failure.ts';
import type { UploadIntake } from './upload-intake.ts';
import type { UploadJobs } from './upload-jobs.ts';
import type { UploadJob } from './upload-store.ts';

/** Milliseconds before a file is tried again, doubled each time up to the last. */
const FIRST_BACKOFF = 1000;
const MAX_BACKOFF = 30_000;
/** Tries in a row that failed, on a connection that works otherwise, before the user is asked. */
const MAX_TRIES = 6;
/** The same for tries in which some of the file has left: such a line works, and breaks off. */
const MAX_CUTS = 30;
/** Conversations whose files are uploaded at the same time. */
const MAX_UPLOADS = 3;

/**
 * Files that are uploaded, each to a slot of its own, and only then said: in their order within a conversation. What one
 * conversation waits for holds up no other.
 */
export interface UploadQueue {
	/** Goes on with what waits, except for what was put off. */
	flush(): void;
	/** Goes on with a conversation, as if nothing had been tried yet. */
	retry(peer: string): void;
	/** Gives up what is under way; resolves once nothing is written any more. */
	close(): Promise<void>;
}

/** Dependencies of the queue. */
export interface UploadQueueDependencies extends UploadAttemptDependencies {
	/** there is a connection, and the server has said what it takes */
	isReady(): boolean;
	/** tells of a mistake of ours */
	report(thrown: unknown): void;
}

/** How often the first file of a conversation was tried. */
interface Tries {
	readonly key: string;
	failed: number;
	cut: number;
}

export function createUploadQueue(
	dependencies: UploadQueueDependencies & { jobs: UploadJobs; intake: UploadIntake },
): UploadQueue {
	const { stores, uploadStore, jobs, intake, vault, isReady, report } = dependencies;
	const attempt = createUploadAttempt(dependencies);
	const inPlace = createSlots(MAX_UPLOADS);
	const lanes = new Map<string, Lane>();
	const triesOf = new Map<string, Tries>();

	function laneOf(peer: string): Lane {
		const known = lanes.get(peer);
		if (known !== undefined) return known;
		const lane = createLane(() =>
			pump(peer).catch((thrown: unknown) => {
				report(thrown);
				lane.putOff(MAX_BACKOFF);
			}),
		);
		lanes.set(peer, lane);
		return lane;
	}

	async function waiting(peer?: string): Promise<UploadJob[]> {
		const all = await uploadStore.all();
		return all.filter(
			(job) =>
				(peer === undefined || job.peer === peer) && !job.hasFailed && !jobs.isGivenUp(job.key),
		);
	}

	/** Uploads the files of a conversation until none is left, or one has to wait. */
	async function pump(peer: string): Promise<void> {
		for (;;) {
			const [job] = await waiting(peer);
			if (job === undefined || jobs.closed || !isReady()) return;
			// Its conversation was removed: it would come up again and again, and could never be said.
			if ((await stores.messages.get(job.key)) === undefined) {
				await jobs.giveUp(job.key);
				continue;
			}
			const known = jobs.unwritten(job.key);
			if (known !== undefined) {
				if (!(await jobs.fail(job, known))) return laneOf(peer).putOff(MAX_BACKOFF);
				continue;
			}
			if (!job.isKept) {
				const work = intake.underway(job.key);
				// It was added a moment ago, and whoever added it comes back here.
				if (work === undefined && jobs.local.has(job.key)) return;
				// Its page has gone before it was kept.
				if (work === undefined) await jobs.fail(job, new ShareError('file-lost'));
				else await work;
				continue;
			}
			const tries = currentTries(job);
			let hasMoved = false;
			try {
				await inPlace(async () => {
					// It may have been given up while others were uploaded.
					const current = await uploadStore.get(job.key);
					if (current === undefined) throw new ShareError('cancelled');
					await attempt(current, () => {
						hasMoved = true;
					});
				});
				triesOf.delete(peer);
			} catch (thrown) {
				if (!(await settle(job, tries, thrown, hasMoved))) return;
			}
		}
	}

	function currentTries({ peer, key }: UploadJob): Tries {
		const known = triesOf.get(peer);
		if (known?.key === key) return known;
		const tries = { key, failed: 0, cut: 0 };
		triesOf.set(peer, tries);
		return tries;
	}

	/** Has a file wait or fail after a try that failed. Resolves with whether its conversation goes on at once. */
	async function settle(
		job: UploadJob,
		tries: Tries,
		thrown: unknown,
		hasMoved: boolean,
	): Promise<boolean> {
		const { error, passes, isBug } = readFailure(thrown);
		if (isBug) report(thrown);
		if (jobs.closed) return false;
		if (error.code === 'cancelled' || (await uploadStore.get(job.key)) === undefined) return true;
		if (passes) {
			const isOffline = thrown instanceof XmppError && thrown.code === 'offline';
			// The line broke: the next connection goes on with it.
			if (isOffline && !isReady()) return waits(job);
			// A line that breaks every few seconds is one that works. A host that refuses what it was sent is not.
			const isCut = hasMoved && error.code === 'network';
			tries.failed = isCut ? 1 : tries.failed + 1;
			if (isCut) tries.cut += 1;
			if (tries.failed <= MAX_TRIES && tries.cut <= MAX_CUTS) {
				laneOf(job.peer).putOff(backoff(tries.failed, FIRST_BACKOFF, MAX_BACKOFF));
				return waits(job);
			}
		}
		triesOf.delete(job.peer);
		if (await jobs.fail(job, error)) return true;
		laneOf(job.peer).putOff(MAX_BACKOFF);
		return false;
	}

	async function waits(job: UploadJob): Promise<false> {
		const { size = 0 } = (await vault.media.get(job.mediaId)) ?? {};
		jobs.progress(job.key, { step: 'waiting', done: 0, size });
		return false;
	}

	/** Wakes the conversations that have files. */
	const spread = createLane(() =>
		waiting().then((stores) => {
			if (!jobs.closed) for (const { peer } of stores) laneOf(peer).wake();
		}, report),
	);

	return {
		flush: spread.wake,
		retry(peer) {
			triesOf.delete(peer);
			laneOf(peer).resume();
		},
		async close() {
			await spread.close();
			await Promise.all([...lanes.values()].map((lane) => lane.close()));
		},
	};
}
