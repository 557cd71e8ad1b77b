import { WORDS as PARTS } from '../parts/words.ts';

/** Seconds that the buttons of a lock screen or a headset go. */
const STEP = 10;

const ACTIONS = ['play', 'pause', 'stop', 'seekbackward', 'seekforward', 'seekto'] as const;

let current: HTMLMediaElement | undefined;
/** those that tell where they are */
const telling = new WeakSet<HTMLMediaElement>();

/**
 * What is heard now has its buttons on the lock screen, the keyboard and the headset (Media Session). `title` is seen by whoever
 * holds the phone: no name, and no word of a chat.
 */
export function showOnLockScreen(element: HTMLMediaElement, title: string): void {
	if (!('mediaSession' in navigator) || typeof MediaMetadata === 'undefined') return;
	const { mediaSession } = navigator;
	mediaSession.metadata = new MediaMetadata({ title, artist: PARTS.appName });
	if (current === element) return;
	current = element;
	const seek = (to: number) => {
		element.currentTime = Math.max(0, Math.min(to, element.duration || 0));
	};
	const tell = () => {
		if (current !== element) return;
		mediaSession.playbackState = element.paused ? 'paused' : 'playing';
		const { duration, currentTime, playbackRate } = element;
		// Some engines refuse what is not known yet.
		if (!(duration > 0) || duration === Number.POSITIVE_INFINITY || playbackRate === 0) return;
		const position = Math.min(currentTime, duration);
		mediaSession.setPositionState?.({ duration, position, playbackRate });
	};
	const actions: Record<(typeof ACTIONS)[number], MediaSessionActionHandler> = {
		play: () => void element.play().catch(() => undefined),
		pause: () => element.pause(),
		stop: () => element.pause(),
		seekbackward: ({ seekOffset }) => seek(element.currentTime - (seekOffset ?? STEP)),
		seekforward: ({ seekOffset }) => seek(element.currentTime + (seekOffset ?? STEP)),
		seekto: ({ seekTime }) => seekTime !== undefined && seek(seekTime),
	};
	for (const action of ACTIONS) setHandler(action, actions[action]);
	tell();
	if (telling.has(element)) return;
	telling.add(element);
	for (const event of ['play', 'pause', 'seeked', 'ratechange', 'durationchange'])
		element.addEventListener(event, tell);
	// It was let go of.
	element.addEventListener('emptied', () => {
		if (current !== element || element.src !== '') return;
		current = undefined;
		mediaSession.metadata = null;
		mediaSession.playbackState = 'none';
		for (const action of ACTIONS) setHandler(action, null);
	});
}

function setHandler(action: MediaSessionAction, handler: MediaSessionActionHandler | null): void {
	try {
		navigator.mediaSession.setActionHandler(action, handler);
	} catch {
		// An engine that does not know it.
	}
}
