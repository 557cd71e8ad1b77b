import { Show } from 'solid-js';
import type { MediaKind } from '../../chat/model/media-kind.ts';
import { nameOfLinked } from '../media-figure/shown-name.ts';
import { Icon } from '../parts/icon.tsx';
import { WORDS as PARTS } from '../parts/words.ts';
import { WORDS } from './words.ts';

const ICONS = {
	image: 'image',
	audio: 'play',
	video: 'play',
	file: 'file',
	unknown: 'file',
} as const;

/** A file that waits for somebody who wants it: what it is, and where it is from, if that is not known to be a friend's server. */
export function UnopenedFile(props: {
	/** the last part of its address, or what it was called when it was chosen */
	name: string;
	/** by its name */
	media: MediaKind;
	/** who would learn that it is read */
	host: string | undefined;
	/** absent while it is on its way */
	onLoad: (() => void) | undefined;
	/** behind a text */
	isLinked: boolean;
}) {
	const verb = () => {
		if (props.media === 'video' || props.media === 'audio') return PARTS.play;
		return props.isLinked ? WORDS.openFile : WORDS.download;
	};
	const title = () => nameOfLinked(props.name);
	return (
		<>
			<div class="message-file-facts">
				<p>
					<Icon name={ICONS[props.media]} size={18} /> <bdi>{title()}</bdi>
				</p>
				<Show when={props.host}>
					{(host) => (
						<p class="message-file-host">
							{WORDS.from} <bdi>{host()}</bdi>
						</p>
					)}
				</Show>
			</div>
			<Show when={props.onLoad}>
				{(load) => (
					<button
						type="button"
						class="button plain"
						data-testid="load-file"
						aria-label={WORDS.labelOf(verb(), title())}
						onClick={() => load()()}
					>
						{verb()}
					</button>
				)}
			</Show>
		</>
	);
}

/** The line that a file leaves once it was removed from this device. */
export function RemovedFile(props: { name: string; onLoad: (() => void) | undefined }) {
	return (
		<p class="file-removed" data-testid="file-removed">
			<Icon name="remove" size={16} />
			<span>
				<bdi>{nameOfLinked(props.name)}</bdi> {WORDS.removed}
			</span>
			<Show when={props.onLoad}>
				{(load) => (
					<button
						type="button"
						class="link-button"
						data-testid="load-file"
						onClick={() => load()()}
					>
						{WORDS.downloadAgain}
					</button>
				)}
			</Show>
		</p>
	);
}
