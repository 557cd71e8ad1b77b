import {
	type Component,
	createComponent,
	createSignal,
	type JSX,
	Match,
	onCleanup,
	Show,
	Switch,
} from 'solid-js';
import { loadOnce } from '../../core/async/load-once.ts';
import { Dialog } from './dialog.tsx';
import { Icon } from './icon.tsx';
import { WORDS } from './words.ts';
import './later.css';

/** Milliseconds after which somebody who waits is told so. */
const PATIENCE = 500;

/** How it is said that a part is not there: over the page, in a line of what it is a part of, or in a row of its own there. */
type Shape = 'over' | 'line' | 'row';

interface Closable {
	/** Closes what cannot be loaded, where that is not what `onClose` does: without it nothing leads out of it. */
	onGiveUp?: () => void;
	onClose?: () => void;
}

/** A component that is loaded when it is first shown, or before. */
export interface Later<Props> {
	(props: Props & Pick<Closable, 'onGiveUp'>): JSX.Element;
	/** Loads it, so that it opens at once. */
	preload(): Promise<unknown>;
}

/**
 * A part of the screen whose code is loaded when it is needed. Once it is loaded it is shown at once. If it cannot be loaded, it
 * offers to reload the page: a new version may have taken the place of the one that runs.
 */
export function later<Props extends object>(
	shape: Shape,
	load: () => Promise<Component<Props>>,
): Later<Props> {
	let loaded: Component<Props> | undefined;
	const preload = loadOnce(async () => {
		loaded = await load();
	});
	const Part = (props: Props & Closable) => {
		const [state, setState] = createSignal<'waiting' | 'slow' | 'shown' | 'failed'>('waiting');
		if (loaded === undefined) {
			const timer = setTimeout(() => setState('slow'), PATIENCE);
			onCleanup(() => clearTimeout(timer));
			const settle = (result: 'shown' | 'failed') => {
				clearTimeout(timer);
				setState(result);
			};
			preload().then(
				() => settle('shown'),
				() => settle('failed'),
			);
		} else setState('shown');
		return (
			<Switch>
				<Match when={state() === 'shown' && loaded}>
					{(shown) => createComponent(shown(), props)}
				</Match>
				<Match when={state() === 'slow'}>
					<p class={`later-note ${shape}`} role="status">
						{WORDS.loading}
					</p>
				</Match>
				<Match when={state() === 'failed'}>
					<NotLoaded shape={shape} onClose={props.onGiveUp ?? props.onClose} />
				</Match>
			</Switch>
		);
	};
	return Object.assign(Part, { preload });
}

/** Says that a part of the app could not be loaded, and offers to reload the page. */
export function NotLoaded(props: { shape: Shape | 'page'; onClose?: (() => void) | undefined }) {
	const reload = () => (
		<button
			type="button"
			class="button"
			data-testid="reload-part"
			onClick={() => location.reload()}
		>
			{WORDS.reload}
		</button>
	);
	return (
		<Switch
			fallback={
				<p class={`later-note ${props.shape}`} role="alert" data-testid="not-loaded">
					{WORDS.notLoaded} {reload()}
					<Show when={props.onClose}>
						{(close) => (
							<button
								type="button"
								class="icon-button"
								data-testid="close-part"
								aria-label={WORDS.close}
								onClick={() => close()()}
							>
								<Icon name="cancel" size={22} />
							</button>
						)}
					</Show>
				</p>
			}
		>
			<Match when={props.shape === 'over'}>
				<Dialog title={WORDS.notLoaded} testid="not-loaded" onClose={() => props.onClose?.()}>
					<p class="dialog-hint">{WORDS.notLoadedHint}</p>
					<div class="dialog-buttons">{reload()}</div>
				</Dialog>
			</Match>
			<Match when={props.shape === 'page'}>
				<h1>{WORDS.notLoaded}</h1>
				<p role="alert" data-testid="not-loaded">
					{WORDS.notLoadedHint}
				</p>
				{reload()}
			</Match>
		</Switch>
	);
}
