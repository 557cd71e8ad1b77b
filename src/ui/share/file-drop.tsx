import { createSignal, onCleanup, onMount, Show } from 'solid-js';
import { WORDS } from './words.ts';
import './file-drop.css';

/** Files that are dropped on the page, or pasted: for the open conversation, or to be sent to somebody. */
export function FileDrop(props: {
	isPlaintext: boolean;
	/** what becomes of them, if they are not for a conversation */
	hint?: string;
	onFiles: (files: readonly File[]) => void;
}) {
	const [isOver, setOver] = createSignal(false);
	let depth = 0;
	const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') === true;
	const enter = (event: DragEvent) => {
		if (!hasFiles(event)) return;
		depth += 1;
		setOver(true);
	};
	const leave = (event: DragEvent) => {
		if (!hasFiles(event)) return;
		depth = Math.max(0, depth - 1);
		if (depth === 0) setOver(false);
	};
	const over = (event: DragEvent) => hasFiles(event) && event.preventDefault();
	const take = (files: readonly File[]) => {
		if (files.length > 0 && !props.isPlaintext) props.onFiles(files);
	};
	const drop = (event: DragEvent) => {
		if (!hasFiles(event)) return;
		// Without this the browser would leave the app and show the file.
		event.preventDefault();
		depth = 0;
		setOver(false);
		take([...(event.dataTransfer?.files ?? [])]);
	};
	const paste = (event: ClipboardEvent) => {
		const files = [...(event.clipboardData?.files ?? [])];
		const isElsewhere = event.target instanceof Element && event.target.closest('dialog') !== null;
		if (files.length === 0 || isElsewhere) return;
		event.preventDefault();
		take(files);
	};
	onMount(() => {
		document.addEventListener('dragenter', enter);
		document.addEventListener('dragleave', leave);
		document.addEventListener('dragover', over);
		document.addEventListener('drop', drop);
		document.addEventListener('paste', paste);
	});
	onCleanup(() => {
		document.removeEventListener('dragenter', enter);
		document.removeEventListener('dragleave', leave);
		document.removeEventListener('dragover', over);
		document.removeEventListener('drop', drop);
		document.removeEventListener('paste', paste);
	});
	return (
		<Show when={isOver()}>
			<p class="drop-zone" role="status">
				{props.isPlaintext ? WORDS.onlyEncrypted : (props.hint ?? WORDS.drop)}
			</p>
		</Show>
	);
}
