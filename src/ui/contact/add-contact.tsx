import { createSignal, Show } from 'solid-js';
import type { Verification } from '../../chat/account/messenger.ts';
import type { DevicesArea, PeopleArea } from '../../chat/account/messenger-areas.ts';
import type { MessengerState } from '../../chat/model/messenger-state.ts';
import { parseContact } from '../../core/links/contact-uri.ts';
import { Dialog } from '../parts/dialog.tsx';
import { addressMistake } from '../parts/pending-text.ts';
import { CodeForm } from './code-form.tsx';
import { VerificationNote } from './verification-note.tsx';
import { ADD_WORDS } from './words.ts';

/** Asks for an address to write to, or a link or code that also says which devices are theirs. */
export function AddContact(props: {
	state: MessengerState;
	people: PeopleArea;
	devices: DevicesArea;
	onOpen: (jid: string) => void;
	onClose: () => void;
}) {
	const [done, setDone] = createSignal<{ address: string; verification: Verification }>();
	const submit = async (text: string) => {
		const { address, devices, isGroup } = parseContact(text) ?? {};
		if (address === undefined || devices === undefined)
			return addressMistake(text) ?? ADD_WORDS.notAnAddress;
		if (isGroup === true) return ADD_WORDS.group;
		const { account, contacts } = props.state;
		if (address === account) return ADD_WORDS.own;
		try {
			// Asking again would take away the name that they have in the roster.
			const known = contacts[address]?.subscription;
			if (known !== 'both' && known !== 'to') await props.people.addContact(address);
			if (devices.length === 0) props.onOpen(address);
			else setDone({ address, verification: await props.devices.verify(address, devices) });
			return undefined;
		} catch {
			return ADD_WORDS.notAdded;
		}
	};
	return (
		<Dialog title={ADD_WORDS.title} testid="add-contact-dialog" onClose={props.onClose}>
			<Show
				when={done()}
				keyed
				fallback={
					<CodeForm
						label={ADD_WORDS.address}
						placeholder={ADD_WORDS.example}
						hint={ADD_WORDS.hint}
						action={(named) => (named > 0 ? ADD_WORDS.addAndVerify : ADD_WORDS.add)}
						submit={submit}
					/>
				}
			>
				{({ address, verification }) => (
					<VerificationNote
						verification={verification}
						action={ADD_WORDS.write(address)}
						onDone={() => props.onOpen(address)}
					/>
				)}
			</Show>
		</Dialog>
	);
}
