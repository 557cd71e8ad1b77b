import { createMemo, createSignal, Show } from 'solid-js';
import type { Messenger, Verification } from '../../chat/messenger/messenger.ts';
import { parseContact } from '../../core/contact-uri.ts';
import { Dialog } from '../dialog/dialog.tsx';
import { focusSoon } from '../dialog/focus-soon.ts';
import { CodeField } from './code-field.tsx';
import { VerificationNote } from './verification-note.tsx';

/** Asks for an address to write to, or a link or code that also says which devices are theirs. */
export function AddContact(props: {
	messenger: Messenger;
	onOpen: (jid: string) => void;
	onClose: () => void;
}) {
	const [text, setText] = createSignal('');
	const [problem, setProblem] = createSignal('');
	const [isBusy, setBusy] = createSignal(false);
	const [done, setDone] = createSignal<{ address: string; verification: Verification }>();
	const contact = createMemo(() => parseContact(text()));
	const named = () => contact()?.devices.length ?? 0;
	const submit = async (event: Event) => {
		event.preventDefault();
		const who = contact();
		if (who === undefined) {
			setProblem('An address looks like name@server.org.');
			return;
		}
		const { address, devices } = who;
		const { account, contacts } = props.messenger.state;
		if (address === account) {
			setProblem('This is your own address.');
			return;
		}
		setBusy(true);
		try {
			// Asking again would take away the name that they have in the roster.
			const known = contacts[address]?.subscription;
			if (known !== 'both' && known !== 'to') await props.messenger.addContact(address);
			if (devices.length === 0) return props.onOpen(address);
			setDone({ address, verification: await props.messenger.verifyDevices(address, devices) });
		} catch {
			setProblem('The server did not add this contact. Check your connection and try again.');
			setBusy(false);
		}
	};
	return (
		<Dialog title="Add a contact" testid="add-contact-dialog" onClose={props.onClose}>
			<Show
				when={done()}
				keyed
				fallback={
					<form onSubmit={submit}>
						<p class="problem" role="alert">
							{problem()}
						</p>
						<CodeField
							label="Address or link"
							placeholder="name@server.org"
							value={text()}
							named={named()}
							onInput={(now) => {
								setProblem('');
								setText(now);
							}}
						/>
						<p class="dialog-hint">
							They will see your address, and when you are there once they accept.
						</p>
						<div class="dialog-buttons">
							<button type="submit" class="button" data-testid="add" disabled={isBusy()}>
								{named() > 0 ? 'Add and verify' : 'Add'}
							</button>
						</div>
					</form>
				}
			>
				{({ address, verification }) => (
					<>
						<VerificationNote verification={verification} />
						<div class="dialog-buttons">
							<button
								ref={focusSoon}
								type="button"
								class="button"
								data-testid="write"
								onClick={() => props.onOpen(address)}
							>
								Write to {address}
							</button>
						</div>
					</>
				)}
			</Show>
		</Dialog>
	);
}
