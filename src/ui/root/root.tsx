import {
	createEffect,
	createMemo,
	createResource,
	createSignal,
	Match,
	Show,
	Switch,
} from 'solid-js';
import type { Session } from '../../chat/account/account-session.ts';
import type { MediaLibrary } from '../../chat/files/media-library.ts';
import { LinksPage } from '../links/links-page.tsx';
import { Mark } from '../parts/mark.tsx';
import { stayOnDrop } from '../parts/stay-on-drop.ts';
import { createStepWhile } from '../parts/way-back.ts';
import { SignIn } from '../sign-in/sign-in.tsx';
import { focusScreen } from './focus-screen.ts';
import './root.css';

/** Which of the screens is shown. */
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
	// Not lazy() in a Suspense: whatever loads inside that takes the whole screen away while it does, and the focus.
	const [chatScreen] = createResource(
		() => phase() === 'signed-in',
		async () => (await import('../chat-screen/chat-screen.tsx')).ChatScreen,
	);
	const screen = createMemo(() => {
		if (links()) return 'links';
		if (phase() === 'signed-in') return chatScreen() === undefined ? undefined : 'chat';
		return phase() === 'loading' ? undefined : 'sign-in';
	});
	let isFirst = true;
	// What was pressed has gone with its screen. As the page is loaded, nothing has been pressed yet.
	createEffect(() => {
		const now = screen();
		if (now === undefined) return;
		if (now !== 'sign-in') setDropped(false);
		if (!isFirst) queueMicrotask(() => focusScreen(now));
		isFirst = false;
	});
	return (
		<Switch>
			<Match when={links()}>
				<LinksPage library={props.library} update={props.update} onBack={() => setLinks(false)} />
			</Match>
			<Match when={phase() === 'loading'}>
				<Waiting />
			</Match>
			<Match when={phase() === 'elsewhere'}>
				<main class="root-note">
					<Mark size={64} />
					<h1>Balcony is open in another tab</h1>
					<p>One tab at a time works with your messages, so that none is lost or doubled.</p>
					<button
						type="button"
						class="button"
						data-testid="take-over"
						onClick={() => props.session.takeOver()}
					>
						Use it here
					</button>
				</main>
			</Match>
			<Match when={phase() === 'signed-in' && props.session.messenger()} keyed>
				{(messenger) => (
					<Show when={chatScreen()} fallback={<Waiting />} keyed>
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
