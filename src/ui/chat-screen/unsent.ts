import type { Messenger, MessengerState } from '../../chat/account/messenger.ts';
import type { Typed } from '../conversation/typed.ts';
import { makeVoiceDraft, type VoiceDraft } from '../conversation/voice-draft.ts';
import { makeTray, type Tray } from '../share/tray.ts';
import { askBeforeLeaving } from './ask-before-leaving.ts';

/** Files, recordings and texts that have not been sent: they stay while one looks at another chat. */
export interface Unsent {
	trayOf(peer: string): Tray;
	voiceOf(peer: string): VoiceDraft;
	typedOf(peer: string): Typed;
	/** The account goes on elsewhere: what is being recorded ends, and texts are read from their drafts when it comes back. */
	leave(): void;
	/** Lets go of what is for one of them. */
	drop(peer: string): void;
	/** Lets go of all of it. */
	clear(): void;
}

/** A voice message of which there is something. */
const LOST_STEPS: readonly unknown[] = ['recording', 'review'];

/** Screens come and go, and another tab may have the account for a while: what is not sent is kept until somebody signs out. */
let kept: { readonly account: string; state: MessengerState; readonly unsent: Unsent } | undefined;

/** `watch` is told how to let go of it, once it is made. */
export function unsentOf(
	{ state }: Pick<Messenger, 'state'>,
	watch: (clear: () => void) => void,
): Unsent {
	if (kept?.account === state.account) {
		kept.state = state;
		return kept.unsent;
	}
	kept?.unsent.clear();
	const unsent = makeUnsent(
		() => kept?.state ?? state,
		() => {
			if (kept?.unsent === unsent) kept = undefined;
		},
	);
	kept = { account: state.account, state, unsent };
	watch(unsent.clear);
	return unsent;
}

/** `state`: of the messenger that the account has now. */
function makeUnsent(state: () => MessengerState, cleared: () => void): Unsent {
	const trays = new Map<string, Tray>();
	const voices = new Map<string, VoiceDraft>();
	const typed = new Map<string, Typed>();
	// Texts are kept as drafts; files and recordings are in memory alone.
	const stopAsking = askBeforeLeaving(
		() =>
			[...trays.values()].some(({ items }) => items.length > 0) ||
			[...voices.values()].some((voice) => LOST_STEPS.includes(voice.phase()?.step)),
	);
	return {
		trayOf: (peer) =>
			getOrMake(trays, peer, () =>
				makeTray({
					quality: () => state().settings.photoQuality,
					limit: () => state().upload?.maxSize,
				}),
			),
		voiceOf: (peer) => getOrMake(voices, peer, makeVoiceDraft),
		typedOf: (peer) => getOrMake(typed, peer, () => ({})),
		leave() {
			for (const voice of voices.values()) voice.leave();
			typed.clear();
		},
		drop(peer) {
			trays.get(peer)?.take().done();
			voices.get(peer)?.discard();
			for (const all of [trays, voices, typed]) all.delete(peer);
		},
		clear() {
			stopAsking();
			cleared();
			for (const tray of trays.values()) tray.take().done();
			for (const voice of voices.values()) voice.discard();
		},
	};
}

function getOrMake<T>(all: Map<string, T>, peer: string, make: () => T): T {
	const value = all.get(peer) ?? make();
	all.set(peer, value);
	return value;
}
