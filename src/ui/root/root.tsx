import {
	createEffect,
	createMemo,
	createSignal,
	Match,
	onCleanup,
	onMount,
	Show,
	Switch,
} from 'solid-js';
import type { Session } from '../../chat/account/account-session.ts';
import type { MediaLibrary } from '../../chat/files/media-library.ts';
import { NotLoaded } from '../parts/later.tsx';
import { Mark } from '../parts/mark.tsx';
import { prefetch } from '../parts/prefetch.ts';
import { stayOnDrop } from '../parts/stay-on-drop.ts';
import { createStepWhile } from '../parts/way-back.ts';
import { SignIn } from '../sign-in/sign-in.tsx';
import { createLoaded } from './create-loaded.ts';
import { focusScreen } from './focus-screen.ts';
import { WORDS } from './words.ts';
import './root.css';

/** Shows one of the screens: the chats, the links, or the sign-in. */
export function Root(props: {
	session: Session;
	library: MediaLibrary;
	/** a new version waits for consent */
	update: () => (() => void) | undefined;
}) {
	const [links, setLinks] = createSignal(false);
	createStepWhile('links', links, () => setLinks(false));
	const [hasDropped, setDropped] = createSignal(false);
	stayOnDrop(() => (screen() === 'sign-in' ? () => setDropped(true) : undefined));
	const phase = () => props.session.state.phase;
	const chatScreen = createLoaded(
		() => phase() === 'signed-in',
		async () => (await import('../chat-screen/chat-screen.tsx')).ChatScreen,
	);
	const linksPage = createLoaded(
		links,
		async () => (await import('../links/links-page.tsx')).LinksPage,
	);
	onMount(() => onCleanup(prefetch([linksPage.preload])));
	const hasFailed = () =>
		links() ? linksPage.hasFailed() : phase() === 'signed-in' && chatScreen.hasFailed();
	const screen = createMemo(() => {
		if (links()) return linksPage.value() === undefined ? undefined : 'links';
		if (phase() === 'signed-in') return chatScreen.value() === undefined ? undefined : 'chat';
		return phase() === 'loading' ? undefined : 'sign-in';
	});
	let isFirst = true;
	// The button that was pressed has gone with its screen. As the page is loaded, none has been pressed yet.
	createEffect(() => {
		const now = screen();
		if (now === undefined) return;
		if (now !== 'sign-in') setDropped(false);
		if (!isFirst) queueMicrotask(() => focusScreen(now));
		isFirst = false;
	});
	return (
		<Switch>
			<Match when={hasFailed()}>
				<main class="root-note">
					<NotLoaded shape="page" />
				</main>
			</Match>
			<Match when={links()}>
				<Show when={linksPage.value()} fallback={<Waiting />} keyed>
					{(LinksPage) => (
						<LinksPage
							library={props.library}
							update={props.update}
							onBack={() => setLinks(false)}
						/>
					)}
				</Show>
			</Match>
			<Match when={phase() === 'loading'}>
				<Waiting />
			</Match>
			<Match when={phase() === 'elsewhere'}>
				<main class="root-note">
					<Mark size={64} />
					<h1>{WORDS.elsewhere}</h1>
					<p>{WORDS.elsewhereHint}</p>
					<button
						type="button"
						class="button"
						data-testid="take-over"
						onClick={() => props.session.takeOver()}
					>
						{WORDS.useHere}
					</button>
				</main>
			</Match>
			<Match when={phase() === 'signed-in' && props.session.messenger()} keyed>
				{(messenger) => (
					<Show when={chatScreen.value()} fallback={<Waiting />} keyed>
						{(ChatScreen) => (
							<ChatScreen
								messenger={messenger}
								session={props.session}
								library={props.library}
								update={props.update}
								onLinks={() => setLinks(true)}
							/>
						)}
					</Show>
				)}
			</Match>
			<Match when={true}>
				<SignIn session={props.session} hasDropped={hasDropped()} onLinks={() => setLinks(true)} />
			</Match>
		</Switch>
	);
}

function Waiting() {
	return (
		<main class="root-note" aria-busy="true">
			<Mark size={64} />
		</main>
	);
}
