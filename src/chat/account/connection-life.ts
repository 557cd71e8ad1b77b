/**
 * The life of an account's connection, as a pure function: what happens changes where it stands, and says what is to be done.
 * `session-start.ts` does it.
 *
 * A session with the server outlives its connections (XEP-0198): a fresh one knows nothing of what was sent and read
 * before, a resumed one goes on where it was.
 */
export type LifePhase =
	| 'offline'
	| 'connecting'
	/** what came meanwhile is being read: what comes live waits */
	| 'catching-up'
	/** what comes live is taken; what was begun before the line broke is finished first */
	| 'resuming'
	/** what comes live is taken, and what is written is sent */
	| 'ready'
	/** the server refuses to let us in */
	| 'refused'
	/** a copy of this device is online in its place */
	| 'superseded'
	| 'closed';

export interface ConnectionLife {
	readonly phase: LifePhase;
	/** counts connections: what was begun in one of them ends with it */
	readonly connection: number;
	/** What waits may be sent; also while a long archive is still being read. */
	readonly mayAct: boolean;
	/** what comes live was taken before, in this session */
	readonly wasLive: boolean;
	/** nothing was sent in this session */
	readonly isUnsent: boolean;
}

export type LifeEvent =
	| { readonly kind: 'connecting' | 'offline' | 'refused' | 'superseded' | 'closed' }
	| { readonly kind: 'online'; readonly resumed: boolean }
	/** All that the start of a session asks for was asked for, in that connection. */
	| { readonly kind: 'started'; readonly connection: number }
	/** That takes too long for what waits. */
	| { readonly kind: 'overtaken'; readonly connection: number };

export type LifeEffect =
	/** The connection is over, and all that was begun in it. */
	| { readonly kind: 'stop' }
	/** A fresh session: what comes live waits. */
	| { readonly kind: 'begin' }
	/** Asks for what was not answered yet. */
	| { readonly kind: 'start' }
	/** Takes what comes live from now on; `isNew`: for the first time in this session. */
	| { readonly kind: 'live'; readonly isNew: boolean }
	/** Sends what waits; `isNew`: the server knows nothing of what was sent before. */
	| { readonly kind: 'act'; readonly isNew: boolean };

export interface LifeStep {
	readonly life: ConnectionLife;
	/** in their order */
	readonly effects: readonly LifeEffect[];
}

/** Before the first connection. */
export const NEW_LIFE: ConnectionLife = {
	phase: 'offline',
	connection: 0,
	mayAct: false,
	wasLive: false,
	isUnsent: true,
};

export function isOnline({ phase }: ConnectionLife): boolean {
	return phase === 'catching-up' || phase === 'resuming' || phase === 'ready';
}

/** Live messages are taken: the archive was read up to them, or gives no answer. */
export function isLive({ phase }: ConnectionLife): boolean {
	return phase === 'resuming' || phase === 'ready';
}

/** What happens next in a life. Nothing follows on `refused`, `superseded` and `closed`, but that it is closed. */
export function stepLife(before: ConnectionLife, event: LifeEvent): LifeStep {
	if (isOver(before) && event.kind !== 'closed') return { life: before, effects: [] };
	switch (event.kind) {
		case 'connecting':
		case 'offline':
		case 'refused':
		case 'superseded':
		case 'closed':
			return {
				life: { ...before, phase: event.kind, mayAct: false },
				effects: isOnline(before) ? [{ kind: 'stop' }] : [],
			};
		case 'online':
			return online(before, event.resumed);
		case 'started':
			return isCurrent(before, event.connection) ? started(before) : { life: before, effects: [] };
		case 'overtaken':
			return isCurrent(before, event.connection) ? act(before, []) : { life: before, effects: [] };
	}
}

function isOver({ phase }: ConnectionLife): boolean {
	return phase === 'refused' || phase === 'superseded' || phase === 'closed';
}

function isCurrent(life: ConnectionLife, connection: number): boolean {
	return isOnline(life) && life.connection === connection;
}

function online(before: ConnectionLife, resumed: boolean): LifeStep {
	// Before the first there is nothing to resume, whatever is said.
	const isFresh = !resumed || before.connection === 0;
	const wasLive = !isFresh && before.wasLive;
	const life: ConnectionLife = {
		phase: wasLive ? 'resuming' : 'catching-up',
		connection: before.connection + 1,
		mayAct: false,
		wasLive,
		isUnsent: isFresh || before.isUnsent,
	};
	const effects: LifeEffect[] = isOnline(before) ? [{ kind: 'stop' }] : [];
	if (isFresh) effects.push({ kind: 'begin' });
	return { life, effects: [...effects, { kind: 'start' }] };
}

function started(before: ConnectionLife): LifeStep {
	const life: ConnectionLife = { ...before, phase: 'ready', wasLive: true };
	return act(life, [{ kind: 'live', isNew: !before.wasLive }]);
}

function act(before: ConnectionLife, effects: readonly LifeEffect[]): LifeStep {
	if (before.mayAct) return { life: before, effects };
	const life = { ...before, mayAct: true, isUnsent: false };
	return { life, effects: [...effects, { kind: 'act', isNew: before.isUnsent }] };
}
