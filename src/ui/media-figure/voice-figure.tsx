import { createEffect, createSignal, on, onCleanup, untrack } from 'solid-js';
import { isComplete, type MediaItem } from '../../chat/files/media-item.ts';
import type { MediaLibrary } from '../../chat/files/media-library.ts';
import { type DecodedVoice, decodedVoice } from './decoded-voice.ts';
import { keepPlaying, type MediaPlace, takeKept } from './kept-playing.ts';
import { makeMediaRecovery } from './media-recovery.ts';
import { showOnLockScreen } from './media-session.ts';
import { isWaiting } from './media-source.ts';
import { shownName } from './shown-name.ts';
import { VoicePlayer } from './voice-player.tsx';
import { KIND_WORDS, WORDS } from './words.ts';

const SPEEDS = [1, 1.5, 2];
/** Bytes of the largest file that is decoded to be drawn. */
const MAX_BYTES = 2 * 2 ** 20;
/** Seconds of the shortest one whose place is found again when the app is opened anew. */
const LONG = 60;
/** Milliseconds between two notes of the place while it plays: a page may end without a word. */
const NOTE_INTERVAL = 10_000;

/** A voice message: play, waveform, position, duration, speed. */
export function VoiceFigure(props: {
	item: MediaItem;
	library: MediaLibrary;
	src: string | undefined;
	/** at once: somebody has pressed it */
	plays?: boolean | undefined;
	onPlaying: (plays: boolean) => void;
	/** the one in front of it has ended: it goes on with this one */
	follows?: boolean | undefined;
	/** where it is from; without it, it stops as soon as it is not shown any more */
	place?: MediaPlace | undefined;
	/** It has come to its end. */
	onEnded?: (() => void) | undefined;
	/** Somebody plays it. */
	onAsked: () => void;
	/** It is so many seconds long. */
	onTimed: (duration: number) => void;
	onUnplayable: () => void;
}) {
	const [element, setElement] = createSignal<HTMLAudioElement>();
	const [voice, setVoice] = createSignal<DecodedVoice>();
	const { id } = untrack(() => props.item);
	/** seconds, where it goes on that has played elsewhere */
	const [resumed, setResumed] = createSignal(untrack(() => props.place && takeKept(id)));
	let isGivenUp = false;
	const status = () => props.item.status;
	const speed = () => props.library.state.settings.voiceSpeed;
	const nextSpeed = () => SPEEDS[(SPEEDS.indexOf(speed()) + 1) % SPEEDS.length] ?? 1;
	const note = (position: number, duration: number) => {
		const place = position < duration - 1 ? position : 0;
		void props.library.playback
			.setPosition(props.item.id, place, duration >= LONG)
			.catch(() => undefined);
	};
	createEffect(() => {
		const audio = element();
		if (audio === undefined) return;
		const noting = setInterval(() => {
			if (!audio.paused) note(audio.currentTime, audio.duration);
		}, NOTE_INTERVAL);
		const recovery = makeMediaRecovery(audio, {
			canRecover: () => !['tampered', 'expired', 'blocked'].includes(status().state),
			unplayable: () => {
				isGivenUp = true;
				props.onUnplayable();
			},
		});
		onCleanup(() => {
			clearInterval(noting);
			recovery();
		});
	});
	createEffect(() => {
		const audio = element();
		if (audio === undefined) return;
		// An element that is loaded again begins with its default.
		audio.defaultPlaybackRate = speed();
		audio.playbackRate = speed();
	});
	let isHere = true;
	onCleanup(() => {
		isHere = false;
	});
	const isSmall = () => (status().size ?? 0) <= MAX_BYTES;
	const drawn = () => (isComplete(status()) && isSmall() ? props.src : undefined);
	createEffect(
		on(drawn, async (src) => {
			if (src === undefined) return;
			setVoice(await decodedVoice(src, props.item.file, status().type ?? '', () => isHere));
		}),
	);
	return (
		<div class="voice-figure">
			<VoicePlayer
				ref={setElement}
				src={props.src}
				isNear={isSmall()}
				name={shownName(props.item)}
				levels={voice()?.levels}
				seconds={voice()?.seconds ?? props.item.duration}
				plays={props.plays || resumed() !== undefined}
				follows={props.follows}
				start={resumed() ?? props.item.position}
				onWanted={
					isWaiting(props.item, props.library)
						? () => props.library.loading.activate(props.item.id)
						: undefined
				}
				onPlaying={(on) => {
					const audio = element();
					if (on) setResumed(undefined);
					if (on && audio !== undefined) showOnLockScreen(audio, KIND_WORDS.audio);
					props.onPlaying(on);
				}}
				onEnded={props.onEnded}
				onLeft={(audio) => {
					const { place } = props;
					if (place === undefined || isGivenUp) return false;
					return keepPlaying({ id, kind: 'audio', element: audio, place });
				}}
				onTimed={props.onTimed}
				onAsked={props.onAsked}
				onRest={note}
			/>
			<button
				type="button"
				class="voice-speed"
				data-testid="voice-speed"
				aria-label={WORDS.speed(speed())}
				onClick={() => void props.library.settings.setVoiceSpeed(nextSpeed())}
			>
				{speed()}×
			</button>
		</div>
	);
}
