import { createResource, createSignal, Show } from 'solid-js';
import { Icon } from '../icons/icon.tsx';
import { CodeScanner, canScan } from './code-scanner.tsx';
import './code-field.css';

/** Where an address is typed, or a link pasted; or a code scanned, where the browser can. */
export function CodeField(props: {
	label: string;
	placeholder: string;
	value: string;
	/** how many devices it names */
	named: number;
	onInput: (text: string) => void;
}) {
	const [isScanner] = createResource(() => canScan().catch(() => false));
	const [isOpen, setOpen] = createSignal(false);
	return (
		<>
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
						value={props.value}
						onInput={(event) => props.onInput(event.currentTarget.value)}
					/>
					<Show when={isScanner()}>
						<button
							type="button"
							class="icon-button"
							data-testid="scan"
							aria-label="Scan a QR code"
							aria-pressed={isOpen()}
							onClick={() => setOpen(!isOpen())}
						>
							<Icon name="code" size={22} />
						</button>
					</Show>
				</span>
			</label>
			<Show when={isOpen()}>
				<CodeScanner
					onFound={(link) => {
						setOpen(false);
						props.onInput(link);
					}}
				/>
			</Show>
			<Show when={props.named > 0}>
				<p class="code-hint" data-testid="link-hint">
					This names {props.named === 1 ? 'one device' : `${props.named} devices`} to be verified.
					Go on only if it comes from their owner: from the screen, or by a way that you trust.
				</p>
			</Show>
		</>
	);
}
