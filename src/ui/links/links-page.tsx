import {
	createEffect,
	createMemo,
	createSignal,
	For,
	on,
	onCleanup,
	onMount,
	Show,
} from 'solid-js';
import { LINKS } from '../../chat/files/media-item.ts';
import type { MediaLibrary } from '../../chat/files/media-library.ts';
import { linkIn } from '../../core/links/media-message.ts';
import { LinkOpener } from '../link-opener/link-opener.tsx';
import { MediaFigure } from '../media-figure/media-figure.tsx';
import { RemovalNote } from '../media-figure/removal-note.tsx';
import { Icon } from '../parts/icon.tsx';
import { later } from '../parts/later.tsx';
import { Mark } from '../parts/mark.tsx';
import { prefetch } from '../parts/prefetch.ts';
import { Notices } from '../shell/notices.tsx';
import { Welcome } from '../shell/welcome.tsx';
import { LaterViewer } from '../viewer/later-viewer.ts';
import { createLinksGallery, isLink } from './links-gallery.ts';
import { WORDS } from './words.ts';
import '../shell/shell.css';

const Settings = later(
	'over',
	async () => (await import('../settings/settings-dialog.tsx')).SettingsDialog,
);

/** Opened links without a chat: head, notices, timeline, and the place to open one. */
export function LinksPage(props: {
	library: MediaLibrary;
	/** a new version waits for consent */
	update: () => (() => void) | undefined;
	onBack: () => void;
}) {
	const [settings, setSettings] = createSignal(false);
	onCleanup(prefetch([Settings.preload, LaterViewer.preload]));
	const [viewed, setViewed] = createSignal<string>();
	const gallery = createLinksGallery(props.library);
	let timeline!: HTMLElement;
	const items = createMemo(() => props.library.state.items.filter(isLink));
	const count = () => items().length;
	const scrollToNewest = () => timeline.scrollTo({ top: timeline.scrollHeight });
	createEffect(on(count, (now, before = 0) => now > before && scrollToNewest()));
	onMount(() => {
		// The end of the list stays in sight while the keyboard opens or the window changes.
		const observer = new ResizeObserver(scrollToNewest);
		observer.observe(timeline);
		onCleanup(() => observer.disconnect());
	});
	return (
		<div class="shell">
			<header class="head">
				<button
					type="button"
					class="icon-button"
					data-testid="to-chat"
					aria-label={WORDS.back}
					onClick={() => props.onBack()}
				>
					<Icon name="back" size={22} />
				</button>
				<Mark />
				<h1>{WORDS.title}</h1>
				<button
					type="button"
					class="icon-button"
					data-testid="settings"
					aria-label={WORDS.settings}
					onClick={() => setSettings(true)}
				>
					<Icon name="settings" size={22} />
				</button>
			</header>
			<Notices library={props.library} update={props.update} />
			<main class="timeline" data-scroll-area ref={timeline}>
				<Show when={props.library.state.listed && count() === 0}>
					<Welcome />
				</Show>
				<div class="bubbles" role="log" aria-label={WORDS.opened} aria-live="off">
					<For each={items()}>
						{(item) => (
							<MediaFigure item={item} library={props.library} onView={() => setViewed(item.id)} />
						)}
					</For>
				</div>
			</main>
			<RemovalNote library={props.library} onUndone={() => undefined} />
			<LinkOpener open={(text) => props.library.open(linkIn(text), LINKS)} />
			<Show when={settings()}>
				<Settings library={props.library} onClose={() => setSettings(false)} />
			</Show>
			<Show when={viewed()} keyed>
				{(id) => (
					<LaterViewer
						gallery={gallery}
						library={props.library}
						start={id}
						onClose={() => setViewed(undefined)}
					/>
				)}
			</Show>
		</div>
	);
}
