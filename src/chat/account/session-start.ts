import { backoff } from '../../core/async/backoff.ts';
import { isStorageError } from '../../vault/is-storage-error.ts';
import { isPassing, XmppError } from '../../xmpp/xmpp-error.ts';

/** Milliseconds until the start of a session is tried again that failed, and the longest after many tries. */
const FIRST_RETRY = 5000;
const LAST_RETRY = 60_000;
/** Milliseconds until the server is asked again for what it did not answer. */
const SILENCE_TIME = 60_000;
/** Milliseconds until what waits is sent although the archive was not read to its end: a long one must not hold it up. */
const OVERTAKE_TIME = 15_000;

/** What is asked for at the start of a session: contacts, who is blocked, our keys, where files go, what came meanwhile. */
export type StartStep = 'roster' | 'blocking' | 'pep' | 'upload' | 'archive';

/** A step: `todo` until it was answered; `silent` if it was not, and is asked again; `refused` for good in this session. */
type StepState = 'todo' | 'done' | 'silent' | 'refused';

const FIRST_STEPS: readonly StartStep[] = ['roster', 'blocking', 'pep'];

/**
 * The start of each session with the server. A session outlives its connections (XEP-0198): one that is resumed goes on with
 * the steps that are not done.
 */
export interface SessionStart {
	/** The archive was read up to what comes live. */
	readonly isLive: boolean;
	online(resumed: boolean): void;
	offline(): void;
	/** Resolves once the session is live. Throws XmppError `offline`. */
	whenLive(): Promise<void>;
	/** The archive was read to its end, and what comes live follows on that. */
	readonly followsArchive: boolean;
	/** Ends it for good. */
	close(): void;
}

export function createSessionStart({
	steps,
	listeners,
}: {
	/** Each resolves with whether the server has it. Throws XmppError. `isCurrent`: nobody else does the same by now. */
	steps: Record<StartStep, (isCurrent: () => boolean) => Promise<boolean>>;
	listeners: {
		/** A new session begins: what comes live waits until it is live. */
		begins(): void;
		/** What waits may be sent; `isNew`: the server knows nothing of what was sent before. */
		mayAct(isNew: boolean): void;
		/** All that came meanwhile is here; `isNew`: for the first time in this session. */
		live(isNew: boolean): void;
		/** The server lacks something, or did not answer, or has it. */
		missing(step: StartStep, isMissing: boolean, isSilent: boolean): void;
		storage(isFull: boolean): void;
		report(thrown: unknown): void;
	};
}): SessionStart {
	let states: Record<StartStep, StepState> = newStates();
	let isUp = false;
	let isLive = false;
	/** counts connections: what was begun in one of them ends with it */
	let connections = 0;
	let failures = 0;
	let isFull = false;
	/** nothing of this session was sent yet */
	let isUnsent = true;
	let mayActNow = false;
	let retry: ReturnType<typeof setTimeout> | undefined;
	let overtake: ReturnType<typeof setTimeout> | undefined;
	const silences = new Set<ReturnType<typeof setTimeout>>();
	let waiting: { resolve(): void; reject(reason: unknown): void }[] = [];

	function letOut(): void {
		clearTimeout(overtake);
		if (mayActNow) return;
		mayActNow = true;
		const isNew = isUnsent;
		isUnsent = false;
		listeners.mayAct(isNew);
	}

	async function run(step: StartStep, isCurrent: () => boolean): Promise<void> {
		if (states[step] === 'done' || states[step] === 'refused') return;
		try {
			const has = await steps[step](isCurrent);
			if (!isCurrent()) return;
			states[step] = 'done';
			listeners.missing(step, !has, false);
		} catch (thrown) {
			if (!(thrown instanceof XmppError) || thrown.code === 'offline') throw thrown;
			if (!isCurrent()) return;
			const isSilent = isPassing(thrown);
			states[step] = isSilent ? 'silent' : 'refused';
			listeners.missing(step, true, isSilent);
			if (isSilent) askAgain(step, isCurrent);
		}
	}

	function askAgain(step: StartStep, isCurrent: () => boolean): void {
		const timer = setTimeout(() => {
			silences.delete(timer);
			if (isCurrent()) run(step, isCurrent).catch(listeners.report);
		}, SILENCE_TIME);
		silences.add(timer);
	}

	async function start(isCurrent: () => boolean): Promise<void> {
		try {
			run('upload', isCurrent).catch(listeners.report);
			await Promise.all(FIRST_STEPS.map((step) => run(step, isCurrent)));
			await run('archive', isCurrent);
		} catch (thrown) {
			if (!isCurrent()) return;
			failures += 1;
			if (isStorageError(thrown)) {
				isFull = true;
				listeners.storage(true);
			} else listeners.report(thrown);
			retry = setTimeout(() => void start(isCurrent), backoff(failures, FIRST_RETRY, LAST_RETRY));
			return;
		}
		// A newer connection goes on with the steps itself: what comes live must not be taken before.
		if (!isCurrent()) return;
		failures = 0;
		if (isFull) listeners.storage(false);
		isFull = false;
		const isNew = !isLive;
		isLive = true;
		const before = waiting;
		waiting = [];
		for (const { resolve } of before) resolve();
		listeners.live(isNew);
		letOut();
	}

	function down(): void {
		isUp = false;
		mayActNow = false;
		clearTimeout(retry);
		clearTimeout(overtake);
		for (const timer of silences) clearTimeout(timer);
		silences.clear();
		const before = waiting;
		waiting = [];
		for (const { reject } of before) reject(new XmppError('offline'));
	}

	return {
		get isLive() {
			return isUp && isLive;
		},
		get followsArchive() {
			return states.archive === 'done';
		},
		online(resumed) {
			down();
			isUp = true;
			connections += 1;
			const connection = connections;
			if (!resumed) {
				states = newStates();
				isLive = false;
				isUnsent = true;
				failures = 0;
				listeners.begins();
			}
			overtake = setTimeout(letOut, OVERTAKE_TIME);
			void start(() => isUp && connection === connections);
		},
		offline: down,
		async whenLive() {
			if (!isUp) throw new XmppError('offline');
			if (isLive) return;
			await new Promise<void>((resolve, reject) => waiting.push({ resolve, reject }));
		},
		close() {
			down();
		},
	};
}

function newStates(): Record<StartStep, StepState> {
	return { roster: 'todo', blocking: 'todo', pep: 'todo', upload: 'todo', archive: 'todo' };
}
