import { createSignal, Show } from 'solid-js';
import type { Messenger, Verification } from '../../chat/account/messenger.ts';
import { parseContact } from '../../core/links/contact-uri.ts';
import { Dialog } from '../parts/dialog.tsx';
import { addressMistake } from '../parts/pending-text.ts';
import { CodeForm } from './code-form.tsx';
import { VerificationNote } from './verification-note.tsx';

/** Asks for an address to write to, or a link or code that also says which devices are theirs. */
export function AddContact(props: {
	messenger: Messenger;
	onOpen: (jid: string) => void;
	onClose: () => void;
}) {
	const [done, setDone] = createSignal<{ address: string; verification: Verification }>();
	const submit = async (text: string) => {
		const { address, devices, isGroup } = parseContact(text) ?? {};
		if (address === undefined || devices === undefined)
			return addressMistake(text) ?? 'An address looks like name@server.org.';
		if (isGroup === true) return 'Group chats are not supported yet.';
		const { account, contacts } = props.messenger.state;
		if (address === account) return 'This is your own address.';
		try {
			// Asking again would take away the name that they have in the roster.
			const known = contacts[address]?.subscription;
			if (known !== 'both' && known !== 'to') await props.messenger.people.addContact(address);
			if (devices.length === 0) props.onOpen(address);
			else
				setDone({ address, verification: await props.messenger.devices.verify(address, devices) });
			return undefined;
		} catch {
			return 'The server did not add this contact. Check your connection and try again.';
		}
	};
	return (
		<Dialog title="Add a contact" testid="add-contact-dialog" onClose={props.onClose}>
			<Show
				when={done()}
				keyed
				fallback={
					<CodeForm
						label="Address or link"
						placeholder="name@server.org"
						hint="They will see your address, and when you are there once they accept."
						action={(named) => (named > 0 ? 'Add and verify' : 'Add')}
						submit={submit}
					/>
				}
			>
				{({ address, verification }) => (
					<VerificationNote
						verification={verification}
						action={`Write to ${address}`}
						onDone={() => props.onOpen(address)}
					/>
				)}
			</Show>
		</Dialog>
	);
}
