import { createEffect, createMemo, createSignal, on, onCleanup } from 'solid-js';
import { formatDuration, spokenDuration } from '../parts/format.ts';
import { Icon } from '../parts/icon.tsx';
import { pauseOthers } from './pause-others.ts';
import { Waveform } from './waveform.tsx';
import { WORDS } from './words.ts';
import './voice-player.css';

/** Seconds, far behind the end of anything: whoever seeks there learns where the end is. */
const BEYOND = 1e7;

/** Sound with a waveform to seek in. Its height is always the same. */
export function VoicePlayer(props: {
	src: string | undefined;
	name: string;
	/** bars, 0 to 1, see BARS; undefined: nothing is known of them */
	levels: readonly number[] | undefined;
	/** all of it is here, or will be. WebKit often does not find the end of Ogg otherwise. */
	isNear?: boolean;
	/** how long it is, where that is known better than by the browser */
	seconds?: number | undefined;
	ref?: (element: HTMLAudioElement) => void;
	/** seconds to begin at */
	start?: number | undefined;
	/** at once: somebody has pressed it */
	plays?: boolean | undefined;
	/** the one in front of it has ended: it goes on with this one */
	follows?: boolean | undefined;
	/** Called by a press before there is a `src`; without it there is nothing to play. */
	onWanted?: (() => void) | undefined;
	onPlaying?: (plays: boolean) => void;
	/** Somebody plays it. */
	onAsked?: () => void;
	/** It is so many seconds long. */
	onTimed?: (duration: number) => void;
	/** It stands at a place, in seconds, of so many. */
	onRest?: (position: number, duration: number) => void;
	/** It has come to its end. */
	onEnded?: (() => void) | undefined;
	/** It goes away while it plays; whether somebody takes it over. */
	onLeft?: ((element: HTMLAudioElement) => boolean) | undefined;
}) {
	let element!: HTMLAudioElement;
	const [plays, setPlays] = createSignal(false);
	const [position, setPosition] = createSignal(0);
	const [measured, setMeasured] = createSignal(Number.NaN);
	let isMeasuring = false;
	/** seconds: where to go after the place that is being gone to */
	let next: number | undefined;
	let frame = 0;

	const duration = () => {
		const { seconds = 0 } = props;
		// A recorder writes no duration: Chromium then says that there is no end, WebKit that it is here already.
		return Number.isFinite(measured()) && measured() > seconds - 0.5
			? measured()
			: seconds || measured();
	};
	// Not before the browser knows of it: what is sought in earlier begins at its beginning all the same.
	const isKnown = () => Number.isFinite(measured());
	const follow = () => {
		if (!isMeasuring && !element.seeking) setPosition(element.currentTime);
		if (!element.paused) frame = requestAnimationFrame(follow);
	};
	// Chromium never arrives where it is sent while it is on its way to elsewhere, now and then.
	const seek = (to: number) => {
		setPosition(to);
		if (element.seeking) next = to;
		else element.currentTime = to;
	};
	const onSeeked = () => {
		if (next === undefined) return follow();
		element.currentTime = next;
		next = undefined;
	};
	const rest = () => props.onRest?.(position(), duration());
	const report = (on: boolean) => {
		if (on === plays()) return;
		setPlays(on);
		props.onPlaying?.(on);
		element.autoplay = false;
		if (on) pauseOthers(element);
		cancelAnimationFrame(frame);
		follow();
		if (!on && !isMeasuring) rest();
	};
	const begin = () => {
		isMeasuring = false;
		const { start = 0 } = props;
		const place = start < element.duration - 1 ? start : 0;
		if (element.currentTime !== place) seek(place);
	};
	const onDuration = () => {
		// WebKit has no end of news where it learns of the duration by playing.
		if (plays() && isKnown()) return;
		setMeasured(element.duration);
		if (isMeasuring && Number.isFinite(element.duration)) begin();
	};
	const onMetadata = () => {
		if (Number.isFinite(element.duration)) begin();
		else {
			// Recorders do not write it down; the end has to be looked for.
			isMeasuring = true;
			element.currentTime = BEYOND;
		}
	};
	const toggle = () => {
		if (plays()) return element.pause();
		if (isMeasuring) begin();
		if (props.src === undefined) {
			// It plays as soon as it is there.
			element.autoplay = true;
			props.onWanted?.();
		}
		// Within the press, where that is so at once: some engines let nothing else play sound.
		if (props.src !== undefined) element.play().catch(() => report(false));
	};
	createEffect(() => props.ref?.(element));
	// What is here already does not begin by its attribute any more.
	const follows = createMemo(() => props.follows === true);
	createEffect(
		on(
			follows,
			(asked) => {
				if (asked && props.src !== undefined && isKnown())
					element.play().catch(() => report(false));
			},
			{ defer: true },
		),
	);
	createEffect(() => isKnown() && props.onTimed?.(duration()));
	onCleanup(() => {
		cancelAnimationFrame(frame);
		const isLeft = plays() && !element.paused;
		if (isLeft) rest();
		setPlays(false);
		props.onPlaying?.(false);
		if (isLeft && props.onLeft?.(element)) return;
		element.removeAttribute('src');
		element.load();
	});
	const part = () => (duration() > 0 ? Math.min(1, position() / duration()) : 0);
	return (
		<div class="voice-player">
			<button
				type="button"
				class="voice-play"
				data-testid="voice-play"
				aria-label={plays() ? WORDS.pause : WORDS.play(props.name)}
				disabled={props.src === undefined && props.onWanted === undefined}
				onClick={toggle}
			>
				<Icon name={plays() ? 'pause' : 'play'} size={24} />
			</button>
			<div class="voice-track" data-own-drag>
				<Waveform levels={props.levels ?? []} />
				<div class="voice-played" style={{ 'clip-path': `inset(0 ${100 - 100 * part()}% 0 0)` }}>
					<Waveform levels={props.levels ?? []} />
				</div>
				<input
					type="range"
					data-testid="voice-position"
					min="0"
					max={isKnown() ? duration() : 1}
					step="any"
					value={position()}
					disabled={!isKnown()}
					aria-label={WORDS.position}
					aria-valuetext={WORDS.positionOf(spokenDuration(position()), spokenDuration(duration()))}
					onInput={(event) => {
						seek(event.currentTarget.valueAsNumber);
					}}
					onChange={rest}
					onKeyDown={(event) => {
						const step = STEPS[event.key];
						if (step === undefined || !isKnown()) return;
						event.preventDefault();
						seek(Math.max(0, Math.min(duration(), position() + step)));
						if (!plays()) rest();
					}}
				/>
			</div>
			<span class="voice-time" classList={{ begun: position() > 0 }} aria-hidden="true">
				<span class="voice-now">{formatDuration(position())}</span>
				<span class="voice-all">
					{Number.isFinite(duration()) ? formatDuration(duration()) : '–:––'}
				</span>
			</span>
			{/* biome-ignore lint/a11y/useMediaCaption: a voice message has no captions */}
			<audio
				ref={element}
				autoplay={props.plays ?? false}
				preload={props.isNear === true ? 'auto' : 'metadata'}
				src={props.src}
				onPlay={() => props.onAsked?.()}
				onPlaying={() => report(true)}
				onPause={() => report(false)}
				onEnded={() => {
					report(false);
					props.onEnded?.();
				}}
				onLoadedMetadata={onMetadata}
				onDurationChange={onDuration}
				onSeeked={onSeeked}
			/>
		</div>
	);
}

/** Seconds that keys go; the others do what they do by themselves. */
const STEPS: Record<string, number> = {
	ArrowLeft: -5,
	ArrowDown: -5,
	ArrowRight: 5,
	ArrowUp: 5,
};
