import { createEffect, createSignal, onCleanup, onMount, Show, useContext } from 'solid-js';
import type { MediaLibrary } from '../../chat/files/media-library.ts';
import { FocusLost } from '../parts/focus-lost.ts';
import { formatDuration } from '../parts/format.ts';
import { Icon } from '../parts/icon.tsx';
import {
	hostKeptPlaying,
	type KeptPlaying,
	keptPlaying,
	type MediaPlace,
	stopKept,
} from './kept-playing.ts';
import { makeMediaRecovery } from './media-recovery.ts';
import { isHidden } from './media-source.ts';
import { KIND_WORDS, MINI_WORDS, WORDS } from './words.ts';
import './mini-player.css';

/** Seconds of the shortest one whose place is found again when the app is opened anew. */
const LONG = 60;
/** Milliseconds between two notes of the place while it plays: a page may end without a word. */
const NOTE_INTERVAL = 10_000;

/** Sound or a video that goes on while one reads elsewhere: what it is, where it is from, and its end. */
export function MiniPlayer(props: {
	library: MediaLibrary;
	/** what the chat is called */
	nameOf: (peer: string) => string;
	/** Opens the message that it is from. */
	onShow: (place: MediaPlace) => void;
}) {
	let host!: HTMLDivElement;
	const [plays, setPlays] = createSignal(false);
	const [position, setPosition] = createSignal(0);
	const note = ({ id, element }: KeptPlaying) => {
		const { currentTime, duration } = element;
		if (!(duration > 0)) return;
		const place = currentTime < duration - 1 ? currentTime : 0;
		void props.library.playback.setPosition(id, place, duration >= LONG).catch(() => undefined);
	};
	onMount(() => hostKeptPlaying(host, note));
	onCleanup(() => hostKeptPlaying());
	const item = (id: string) => props.library.state.items.find((one) => one.id === id);
	createEffect(() => {
		const kept = keptPlaying();
		if (kept === undefined) return;
		const { element, id } = kept;
		const { playback } = props.library;
		const follow = () => {
			setPlays(!element.paused);
			setPosition(element.currentTime);
			playback.playing(id, !element.paused);
		};
		const rest = () => {
			follow();
			note(kept);
		};
		const noting = setInterval(() => element.paused || note(kept), NOTE_INTERVAL);
		follow();
		const listeners: [string, () => void][] = [
			['playing', follow],
			['timeupdate', follow],
			['pause', rest],
			['ended', stopKept],
		];
		for (const [event, listener] of listeners) element.addEventListener(event, listener);
		const recovery = makeMediaRecovery(element, {
			canRecover: () => item(id) !== undefined,
			unplayable: stopKept,
		});
		onCleanup(() => {
			clearInterval(noting);
			recovery();
			for (const [event, listener] of listeners) element.removeEventListener(event, listener);
			playback.playing(id, false);
		});
	});
	// Taken back, removed from this device, altered, or of an account that was left.
	createEffect(() => {
		const kept = keptPlaying();
		const found = kept && item(kept.id);
		if (kept && (found === undefined || found.isLeaving === true || isHidden(found))) stopKept();
	});
	const focusLost = useContext(FocusLost);
	const end = () => {
		stopKept();
		focusLost();
	};
	const toggle = (element: HTMLMediaElement) => {
		if (element.paused) element.play().catch(() => undefined);
		else element.pause();
	};
	return (
		<section
			class="mini-player"
			classList={{ shown: keptPlaying() !== undefined, video: keptPlaying()?.kind === 'video' }}
			aria-label={MINI_WORDS.title}
			data-testid={keptPlaying() && 'mini-player'}
		>
			<div ref={host} class="mini-media" />
			<Show when={keptPlaying()}>
				{(kept) => (
					<>
						<button
							type="button"
							class="icon-button"
							data-testid="mini-toggle"
							aria-label={plays() ? WORDS.pause : WORDS.play(KIND_WORDS[kept().kind])}
							onClick={() => toggle(kept().element)}
						>
							<Icon name={plays() ? 'pause' : 'play'} size={22} />
						</button>
						<button
							type="button"
							class="mini-of"
							data-testid="mini-show"
							onClick={() => props.onShow(kept().place)}
						>
							<bdi>{props.nameOf(kept().place.peer)}</bdi>
							<span>
								{KIND_WORDS[kept().kind]} · {formatDuration(position())}
							</span>
						</button>
						<button
							type="button"
							class="icon-button"
							data-testid="mini-stop"
							aria-label={MINI_WORDS.stop}
							onClick={end}
						>
							<Icon name="cancel" size={20} />
						</button>
					</>
				)}
			</Show>
		</section>
	);
}
