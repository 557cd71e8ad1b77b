import { createSignal, onCleanup, onMount } from 'solid-js';
import type { Messenger } from '../../chat/messenger/messenger.ts';
import { Icon } from '../icons/icon.tsx';

/** Milliseconds without a key after which one is no longer typing, and a draft is kept. */
const PAUSE = 3000;

/** Where a message is written. Enter sends, with Shift it begins a line. */
export function Composer(props: {
	messenger: Messenger;
	peer: string;
	draft: string;
	isPlaintext: boolean;
}) {
	let field!: HTMLTextAreaElement;
	const peer = props.peer;
	const [text, setText] = createSignal(props.draft);
	let timer: ReturnType<typeof setTimeout> | undefined;
	let types = false;

	const grow = () => {
		field.style.height = 'auto';
		field.style.height = `${Math.min(field.scrollHeight, 200)}px`;
	};
	const setTypes = (now: boolean) => {
		if (types === now) return;
		types = now;
		props.messenger.setTyping(peer, now);
	};
	const keep = () => {
		clearTimeout(timer);
		setTypes(false);
		void props.messenger.setDraft(peer, text());
	};
	const onInput = () => {
		setText(field.value);
		grow();
		setTypes(field.value !== '');
		clearTimeout(timer);
		timer = setTimeout(keep, PAUSE);
	};
	const send = () => {
		const message = text().trim();
		if (message === '') return;
		clearTimeout(timer);
		types = false;
		setText('');
		field.value = '';
		grow();
		void props.messenger.send(peer, message);
		void props.messenger.setDraft(peer, '');
		field.focus();
	};
	const onKeyDown = (event: KeyboardEvent) => {
		// On a phone Enter is the only way to a new line.
		const isTouch = matchMedia('(pointer: coarse)').matches;
		if (event.key !== 'Enter' || event.shiftKey || event.isComposing || isTouch) return;
		event.preventDefault();
		send();
	};
	onMount(() => {
		grow();
		if (!matchMedia('(pointer: coarse)').matches) field.focus();
	});
	onCleanup(() => {
		clearTimeout(timer);
		if (types) props.messenger.setTyping(peer, false);
		if (text() !== props.draft) void props.messenger.setDraft(peer, text());
	});
	return (
		<form
			class="composer"
			onSubmit={(event) => {
				event.preventDefault();
				send();
			}}
		>
			<label class="composer-field">
				<span class="visually-hidden">Message</span>
				<Icon name={props.isPlaintext ? 'unlocked' : 'lock'} size={18} />
				<textarea
					ref={field}
					rows="1"
					data-testid="composer"
					placeholder={props.isPlaintext ? 'Unencrypted message' : 'Encrypted message'}
					value={text()}
					onInput={onInput}
					onKeyDown={onKeyDown}
				/>
			</label>
			<button
				type="submit"
				class="button link-open"
				data-testid="send"
				aria-label="Send"
				disabled={text().trim() === ''}
			>
				<Icon name="open" size={22} />
			</button>
		</form>
	);
}
