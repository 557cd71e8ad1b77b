import { createResource, createSignal, Show } from 'solid-js';
import { parseContactUri } from '../../core/links/contact-uri.ts';
import { Icon } from '../parts/icon.tsx';
import { CodeScanner, canScan } from './code-scanner.tsx';
import { CODE_WORDS } from './words.ts';
import './code-form.css';

/** A field for an address or a link; and a scanner, if the browser has one. */
export function CodeForm(props: {
	label: string;
	placeholder: string;
	hint: string;
	/** label of the button, by the number of devices that the text names */
	action: (named: number) => string;
	/** Resolves to the problem, if there is one. */
	submit: (text: string) => Promise<string | undefined>;
}) {
	const [text, setText] = createSignal('');
	const [problem, setProblem] = createSignal<string>();
	const [isBusy, setBusy] = createSignal(false);
	const [isScanner] = createResource(() => canScan().catch(() => false));
	const [isScanning, setScanning] = createSignal(false);
	const named = () => parseContactUri(text())?.devices.length ?? 0;
	const enter = (next: string) => {
		setProblem(undefined);
		setText(next);
	};
	const submit = async (event: Event) => {
		event.preventDefault();
		setBusy(true);
		setProblem(await props.submit(text()));
		setBusy(false);
	};
	return (
		<form onSubmit={submit}>
			<p class="problem" role="alert">
				{problem()}
			</p>
			<label class="field">
				<span class="field-name">{props.label}</span>
				<span class="code-row">
					<input
						data-testid="contact-address"
						type="text"
						inputMode="email"
						autocomplete="off"
						autocapitalize="off"
						spellcheck={false}
						placeholder={props.placeholder}
						autofocus
						required
						value={text()}
						onInput={(event) => enter(event.currentTarget.value)}
					/>
					<Show when={isScanner()}>
						<button
							type="button"
							class="icon-button"
							data-testid="scan"
							aria-label={CODE_WORDS.scan}
							aria-pressed={isScanning()}
							onClick={() => setScanning(!isScanning())}
						>
							<Icon name="code" size={22} />
						</button>
					</Show>
				</span>
			</label>
			<Show when={isScanning()}>
				<CodeScanner
					onFound={(link) => {
						setScanning(false);
						enter(link);
					}}
				/>
			</Show>
			<Show when={named() > 0}>
				<p class="code-hint" data-testid="link-hint">
					{CODE_WORDS.names(named())}
				</p>
			</Show>
			<p class="dialog-hint">{props.hint}</p>
			<div class="dialog-buttons">
				<button type="submit" class="button" data-testid="add" disabled={isBusy()}>
					{props.action(named())}
				</button>
			</div>
		</form>
	);
}
