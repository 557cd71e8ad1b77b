import { createSignal } from 'solid-js';
import { parseAddress } from '../../core/address.ts';
import { Dialog } from '../dialog/dialog.tsx';

/** Asks for an address to write to. */
export function AddContact(props: { add: (jid: string) => Promise<void>; onClose: () => void }) {
	const [address, setAddress] = createSignal('');
	const [problem, setProblem] = createSignal('');
	const [isBusy, setBusy] = createSignal(false);
	const submit = async (event: Event) => {
		event.preventDefault();
		const jid = parseAddress(address().replace(/^xmpp:/i, ''));
		if (jid === undefined) {
			setProblem('An address looks like name@server.org.');
			return;
		}
		setBusy(true);
		try {
			await props.add(jid);
		} catch {
			setProblem('The server did not add this contact. Check your connection and try again.');
			setBusy(false);
		}
	};
	return (
		<Dialog title="Add a contact" testid="add-contact-dialog" onClose={props.onClose}>
			<form onSubmit={submit}>
				<p class="problem" role="alert">
					{problem()}
				</p>
				<label class="field">
					<span class="field-name">Address</span>
					<input
						data-testid="contact-address"
						type="text"
						inputMode="email"
						autocomplete="off"
						autocapitalize="off"
						spellcheck={false}
						placeholder="name@server.org"
						required
						value={address()}
						onInput={(event) => setAddress(event.currentTarget.value)}
					/>
				</label>
				<p class="dialog-hint">
					They will see your address, and when you are there once they accept.
				</p>
				<div class="dialog-buttons">
					<button type="submit" class="button" data-testid="add" disabled={isBusy()}>
						Add
					</button>
				</div>
			</form>
		</Dialog>
	);
}
