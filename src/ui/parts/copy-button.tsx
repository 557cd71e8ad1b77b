import { createSignal } from 'solid-js';
import { Icon } from './icon.tsx';
import { WORDS } from './words.ts';

/** Copies a text that is no secret, and says so. */
export function CopyButton(props: { text: string; label: string; testid: string }) {
	const [isDone, setDone] = createSignal(false);
	const copy = () =>
		navigator.clipboard.writeText(props.text).then(
			() => setDone(true),
			() => setDone(false),
		);
	return (
		<button type="button" class="button plain" data-testid={props.testid} onClick={copy}>
			<Icon name={isDone() ? 'sent' : 'copy'} />
			<span aria-live="polite">{isDone() ? WORDS.copied : props.label}</span>
		</button>
	);
}
