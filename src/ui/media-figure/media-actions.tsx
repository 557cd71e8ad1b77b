import { Show } from 'solid-js';
import { isComplete, kindOf, type MediaItem } from '../../chat/files/media-item.ts';
import type { MediaLibrary } from '../../chat/files/media-library.ts';
import { Icon, type IconName } from '../parts/icon.tsx';
import { DOCUMENT_WORDS } from './documents/words.ts';
import { isWaiting } from './media-source.ts';
import { WORDS } from './words.ts';

/** Buttons for an item in its present state. */
export function MediaActions(props: {
	item: MediaItem;
	/** what its sender calls it */
	name?: string | undefined;
	library: MediaLibrary;
	/** Reads it here; without it, it cannot be. */
	onOpen?: (() => void) | undefined;
}) {
	const id = () => props.item.id;
	const state = () => props.item.status.state;
	const isBroken = () => ['tampered', 'expired', 'failed'].includes(state());
	const isWorking = () =>
		props.item.status.verifying ||
		(props.item.save?.step === 'checking' && !isComplete(props.item.status));
	const canVerify = () =>
		state() === 'unverified' && !isWorking() && !isWaiting(props.item, props.library);
	const canSave = () => !isBroken() && state() !== 'blocked' && !isWorking();
	return (
		<div class="media-actions">
			<Show
				when={
					props.library.state.worker === 'absent' && props.item.local === undefined && !isWorking()
				}
			>
				<Action
					name="download"
					icon="verify"
					label={WORDS.downloadHere}
					onClick={() => props.library.loading.downloadHere(id())}
				/>
			</Show>
			<Show
				when={
					isWaiting(props.item, props.library) &&
					!['audio', 'video'].includes(kindOf(props.item)) &&
					!isWorking()
				}
			>
				<Action
					name="load"
					icon="play"
					label={WORDS.download}
					onClick={() => props.library.loading.activate(id())}
				/>
			</Show>
			<Show when={canVerify()}>
				<Action
					name="verify"
					icon="verify"
					label={WORDS.verifyNow}
					onClick={() => props.library.loading.verify(id())}
				/>
			</Show>
			<Show when={isWorking()}>
				<Action
					name="cancel"
					icon="cancel"
					label={WORDS.cancel}
					onClick={() => props.library.loading.cancel(id())}
				/>
			</Show>
			<Show when={isBroken()}>
				<Action
					name="retry"
					icon="retry"
					label={WORDS.retry}
					onClick={() => props.library.loading.retry(id())}
				/>
			</Show>
			{/* Also while it is verified to be opened: the focus comes back to it. */}
			<Show when={props.onOpen}>
				{(open) => (
					<Action name="open-document" icon="expand" label={DOCUMENT_WORDS.open} onClick={open()} />
				)}
			</Show>
			<Show when={props.item.save?.step === 'too-large'}>
				<p class="media-hint">{WORDS.tooLarge}</p>
				<Action
					name="save-streamed"
					icon="save"
					label={WORDS.saveStreamed}
					onClick={() => props.library.saving.saveWhileLoading(id(), props.name)}
				/>
			</Show>
			<Show
				when={
					canSave() && (props.library.state.worker === 'ready' || props.item.local !== undefined)
				}
			>
				<Action
					name="save"
					icon="save"
					label={WORDS.save}
					onClick={() => props.library.saving.save(id(), props.name)}
				/>
			</Show>
			<Action
				name="remove"
				icon="remove"
				label={WORDS.remove}
				onClick={() => props.library.removing.removeSoon(id())}
			/>
		</div>
	);
}

function Action(props: { name: string; icon: IconName; label: string; onClick: () => unknown }) {
	return (
		<button
			type="button"
			class={`media-action ${props.name}`}
			data-testid={props.name}
			onClick={() => props.onClick()}
		>
			<Icon name={props.icon} size={18} />
			{props.label}
		</button>
	);
}
