import type { Messenger } from '../../chat/account/messenger.ts';
import type { Typed } from '../conversation/typed.ts';
import { makeVoiceDraft, type VoiceDraft } from '../conversation/voice-draft.ts';
import { makeTray, type Tray } from '../share/tray.ts';
import { askBeforeLeaving } from './ask-before-leaving.ts';

/** Files, recordings and texts that have not been sent: they stay while one looks at another chat. */
export interface Unsent {
	trayOf(peer: string): Tray;
	voiceOf(peer: string): VoiceDraft;
	typedOf(peer: string): Typed;
	/** Lets go of what is for one of them. */
	drop(peer: string): void;
	/** Lets go of all of it. */
	clear(): void;
}

/** A voice message of which there is something. */
const LOST_STEPS: readonly unknown[] = ['recording', 'review'];

/** Screens come and go; it is kept as long as the account is open. */
const kept = new WeakMap<Messenger, Unsent>();

export function unsentOf(messenger: Messenger): Unsent {
	const known = kept.get(messenger);
	if (known !== undefined) return known;
	const trays = new Map<string, Tray>();
	const voices = new Map<string, VoiceDraft>();
	const typed = new Map<string, Typed>();
	const { state } = messenger;
	// Texts are kept as drafts; files and recordings are in memory alone.
	const stopAsking = askBeforeLeaving(
		() =>
			[...trays.values()].some(({ items }) => items.length > 0) ||
			[...voices.values()].some((voice) => LOST_STEPS.includes(voice.phase()?.step)),
	);
	const made: Unsent = {
		trayOf: (peer) =>
			getOrMake(trays, peer, () =>
				makeTray({
					quality: () => state.settings.photoQuality,
					limit: () => state.upload?.maxSize,
				}),
			),
		voiceOf: (peer) => getOrMake(voices, peer, makeVoiceDraft),
		typedOf: (peer) => getOrMake(typed, peer, () => ({})),
		drop(peer) {
			trays.get(peer)?.take().done();
			voices.get(peer)?.discard();
			for (const all of [trays, voices, typed]) all.delete(peer);
		},
		clear() {
			stopAsking();
			kept.delete(messenger);
			for (const tray of trays.values()) tray.take().done();
			for (const voice of voices.values()) voice.discard();
		},
	};
	kept.set(messenger, made);
	return made;
}

function getOrMake<T>(all: Map<string, T>, peer: string, make: () => T): T {
	const value = all.get(peer) ?? make();
	all.set(peer, value);
	return value;
}
