import { createEffect, createSignal, onCleanup } from 'solid-js';
import type { MediaItem } from '../../chat/media-item.ts';
import { formatDuration, spokenDuration } from '../format.ts';
import { Icon } from '../icons/icon.tsx';
import { makeMediaRecovery } from './media-recovery.ts';

const SPEEDS = [1, 1.5, 2];

/** A voice message: play, position, duration, speed. */
export function VoiceFigure(props: {
	item: MediaItem;
	src: string | undefined;
	onPlaying: (plays: boolean) => void;
	onUnplayable: () => void;
}) {
	let element!: HTMLAudioElement;
	const [plays, setPlays] = createSignal(false);
	const [position, setPosition] = createSignal(0);
	const [duration, setDuration] = createSignal(Number.NaN);
	const [speed, setSpeed] = createSignal(1);
	const report = (on: boolean) => {
		setPlays(on);
		props.onPlaying(on);
	};
	const toggle = () => {
		if (plays()) element.pause();
		else element.play().catch(() => report(false));
	};
	const nextSpeed = () => {
		const next = SPEEDS[(SPEEDS.indexOf(speed()) + 1) % SPEEDS.length] ?? 1;
		element.playbackRate = next;
		setSpeed(next);
	};
	createEffect(() => {
		onCleanup(
			makeMediaRecovery(element, {
				canRecover: () => !['tampered', 'expired', 'blocked'].includes(props.item.status.state),
				unplayable: () => props.onUnplayable(),
			}),
		);
	});
	onCleanup(() => {
		props.onPlaying(false);
		element.removeAttribute('src');
		element.load();
	});
	const known = () => Number.isFinite(duration());
	return (
		<div class="voice-figure">
			<button
				type="button"
				class="voice-play"
				aria-label={plays() ? 'Pause' : `Play ${props.item.name}`}
				onClick={toggle}
			>
				<Icon name={plays() ? 'pause' : 'play'} size={24} />
			</button>
			<input
				type="range"
				class="voice-position"
				min="0"
				max={known() ? duration() : 1}
				step="0.1"
				value={position()}
				disabled={!known()}
				aria-label="Position"
				aria-valuetext={`${spokenDuration(position())} of ${spokenDuration(duration())}`}
				onInput={(event) => {
					element.currentTime = event.currentTarget.valueAsNumber;
				}}
			/>
			<span class="voice-time" aria-hidden="true">
				{formatDuration(plays() || position() > 0 ? position() : duration())}
			</span>
			<button
				type="button"
				class="voice-speed"
				aria-label={`Speed ${speed()} times`}
				onClick={nextSpeed}
			>
				{speed()}×
			</button>
			{/* biome-ignore lint/a11y/useMediaCaption: a voice message has no captions */}
			<audio
				ref={element}
				preload="metadata"
				src={props.src}
				onPlaying={() => report(true)}
				onPause={() => report(false)}
				onEnded={() => report(false)}
				onTimeUpdate={() => setPosition(element.currentTime)}
				onDurationChange={() => setDuration(element.duration)}
			/>
		</div>
	);
}
