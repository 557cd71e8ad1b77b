import { backoff } from '../../core/async/backoff.ts';
import { isStorageError } from '../../vault/is-storage-error.ts';
import type { ConnectionState } from '../../xmpp/connection.ts';
import { isPassing, XmppError } from '../../xmpp/xmpp-error.ts';
import {
	type ConnectionLife,
	isLive,
	isOnline,
	type LifeEffect,
	type LifeEvent,
	NEW_LIFE,
	stepLife,
} from './connection-life.ts';

/** Milliseconds until the start of a session is tried again that failed, and the longest after many tries. */
const FIRST_RETRY = 5000;
const LAST_RETRY = 60_000;
/** Milliseconds until the server is asked again for what it did not answer. */
const SILENCE_TIME = 60_000;
/** Milliseconds until what waits is sent although the archive was not read to its end: a long one must not hold it up. */
const OVERTAKE_TIME = 15_000;

/** Asked for at the start of a session: contacts, who is blocked, our keys, where files go, what came meanwhile. */
export type StartStep = 'roster' | 'blocking' | 'pep' | 'upload' | 'archive';

/** A step: `todo` until it was answered; `silent` if it was not, and is asked again; `refused` for good in this session. */
type StepState = 'todo' | 'done' | 'silent' | 'refused';

const FIRST_STEPS: readonly StartStep[] = ['roster', 'blocking', 'pep'];

/** What is done at the start of each session with the server, as the life of the connection wants it. */
export interface SessionStart {
	/** Where the connection stands. */
	readonly life: ConnectionLife;
	/** The state of the connection has changed. */
	changed(state: ConnectionState, resumed: boolean): void;
	/** Resolves once the session is live. Throws XmppError `offline`. */
	whenLive(): Promise<void>;
	/** The archive was read to its end, and what comes live follows on that. */
	readonly followsArchive: boolean;
	/** The archive is still to be read, or asked again: its end is not known here. */
	readonly isArchiveDue: boolean;
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
	let life = NEW_LIFE;
	let failures = 0;
	let isFull = false;
	let retry: ReturnType<typeof setTimeout> | undefined;
	let overtake: ReturnType<typeof setTimeout> | undefined;
	const silences = new Set<ReturnType<typeof setTimeout>>();
	let waiting: { resolve(): void; reject(reason: unknown): void }[] = [];

	function happened(event: LifeEvent): void {
		const { life: after, effects } = stepLife(life, event);
		life = after;
		for (const effect of effects) react(effect);
	}

	function react(effect: LifeEffect): void {
		switch (effect.kind) {
			case 'stop':
				stop();
				break;
			case 'begin':
				states = newStates();
				failures = 0;
				listeners.begins();
				break;
			case 'start': {
				const { connection } = life;
				overtake = setTimeout(() => happened({ kind: 'overtaken', connection }), OVERTAKE_TIME);
				void start(connection);
				break;
			}
			case 'live': {
				const before = waiting;
				waiting = [];
				for (const { resolve } of before) resolve();
				listeners.live(effect.isNew);
				break;
			}
			case 'act':
				clearTimeout(overtake);
				listeners.mayAct(effect.isNew);
		}
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
			if (isCurrent()) runAlone(step, isCurrent);
		}, SILENCE_TIME);
		silences.add(timer);
	}

	/** What fails by itself, as on a full disk, is asked for again by itself. */
	function runAlone(step: StartStep, isCurrent: () => boolean): void {
		run(step, isCurrent).catch((thrown: unknown) => {
			if (!isStorageError(thrown)) listeners.report(thrown);
			if (isCurrent()) askAgain(step, isCurrent);
		});
	}

	async function start(connection: number): Promise<void> {
		const isCurrent = () => isOnline(life) && life.connection === connection;
		try {
			runAlone('upload', isCurrent);
			await Promise.all(FIRST_STEPS.map((step) => run(step, isCurrent)));
			await run('archive', isCurrent);
		} catch (thrown) {
			if (!isCurrent()) return;
			failures += 1;
			if (isStorageError(thrown)) {
				isFull = true;
				listeners.storage(true);
			} else listeners.report(thrown);
			retry = setTimeout(() => void start(connection), backoff(failures, FIRST_RETRY, LAST_RETRY));
			return;
		}
		// A newer connection goes on with the steps itself: what comes live must not be taken before.
		if (!isCurrent()) return;
		failures = 0;
		if (isFull) listeners.storage(false);
		isFull = false;
		happened({ kind: 'started', connection });
	}

	function stop(): void {
		clearTimeout(retry);
		clearTimeout(overtake);
		for (const timer of silences) clearTimeout(timer);
		silences.clear();
		const before = waiting;
		waiting = [];
		for (const { reject } of before) reject(new XmppError('offline'));
	}

	return {
		get life() {
			return life;
		},
		get followsArchive() {
			return states.archive === 'done';
		},
		get isArchiveDue() {
			return states.archive === 'todo' || states.archive === 'silent';
		},
		changed(state, resumed) {
			if (state === 'online') happened({ kind: 'online', resumed });
			else if (state === 'auth-failed' || state === 'no-scram') happened({ kind: 'refused' });
			else happened({ kind: state });
		},
		async whenLive() {
			if (!isOnline(life)) throw new XmppError('offline');
			if (isLive(life)) return;
			await new Promise<void>((resolve, reject) => waiting.push({ resolve, reject }));
		},
		close: () => happened({ kind: 'closed' }),
	};
}

function newStates(): Record<StartStep, StepState> {
	return { roster: 'todo', blocking: 'todo', pep: 'todo', upload: 'todo', archive: 'todo' };
}
