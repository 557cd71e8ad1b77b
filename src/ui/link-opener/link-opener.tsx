import { createSignal, onCleanup, onMount } from 'solid-js';
import { asMediaError } from '../../core/errors.ts';
import { errorText } from '../parts/error-text.ts';
import { Icon } from '../parts/icon.tsx';
import { WORDS } from './words.ts';
import './link-opener.css';

/** A field for a link, which is pasted, dropped or typed. It is taken out of the event: the field never holds a pasted one. */
export function LinkOpener(props: { open: (text: string) => Promise<unknown> }) {
	let field!: HTMLInputElement;
	const [error, setError] = createSignal('');
	const [dropping, setDropping] = createSignal(false);

	const open = async (text: string) => {
		setError('');
		if (text.trim() === '') return;
		try {
			await props.open(text);
		} catch (thrown) {
			setError(errorText(asMediaError(thrown).code));
		}
	};
	const submit = (event: Event) => {
		event.preventDefault();
		const text = field.value;
		field.value = '';
		void open(text);
	};
	const onPaste = (event: ClipboardEvent) => {
		const target = event.target;
		const isElsewhere = target instanceof HTMLInputElement && target !== field;
		const text = event.clipboardData?.getData('text/plain') ?? '';
		if (isElsewhere || text === '') return;
		event.preventDefault();
		void open(text);
	};
	const onDrop = (event: DragEvent) => {
		event.preventDefault();
		setDropping(false);
		const text =
			event.dataTransfer?.getData('text/plain') ||
			event.dataTransfer?.getData('text/uri-list') ||
			'';
		void open(text);
	};
	const onDragOver = (event: DragEvent) => {
		event.preventDefault();
		setDropping(true);
	};
	const onDragLeave = (event: DragEvent) => {
		if (event.relatedTarget === null) setDropping(false);
	};
	onMount(() => {
		document.addEventListener('paste', onPaste);
		document.addEventListener('drop', onDrop);
		document.addEventListener('dragover', onDragOver);
		document.addEventListener('dragleave', onDragLeave);
	});
	onCleanup(() => {
		document.removeEventListener('paste', onPaste);
		document.removeEventListener('drop', onDrop);
		document.removeEventListener('dragover', onDragOver);
		document.removeEventListener('dragleave', onDragLeave);
	});
	return (
		<form class="link-opener" classList={{ dropping: dropping() }} onSubmit={submit}>
			<p class="link-error" data-testid="link-error" role="alert">
				{error()}
			</p>
			<div class="link-row">
				<label class="link-label">
					<span class="visually-hidden">{WORDS.link}</span>
					<Icon name="link" />
					<input
						ref={field}
						class="link-field"
						data-testid="link-field"
						type="text"
						inputMode="url"
						placeholder={WORDS.example}
						autocomplete="off"
						autocapitalize="off"
						autocorrect="off"
						spellcheck={false}
						enterkeyhint="go"
					/>
				</label>
				<button
					type="submit"
					class="button link-open"
					data-testid="open-link"
					aria-label={WORDS.open}
				>
					<Icon name="open" size={22} />
				</button>
			</div>
		</form>
	);
}
