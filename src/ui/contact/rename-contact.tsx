import { createSignal } from 'solid-js';
import type { Messenger } from '../../chat/account/messenger.ts';
import '../parts/name-field.css';

/** How we call a contact; nobody else sees it. */
export function RenameContact(props: { messenger: Messenger; jid: string }) {
	const given = () => props.messenger.state.contacts[props.jid]?.name ?? '';
	const [name, setName] = createSignal(given());
	const [note, setNote] = createSignal('');
	const submit = async (event: Event) => {
		event.preventDefault();
		try {
			await props.messenger.people.renameContact(props.jid, name().trim());
			setNote('');
		} catch {
			setNote('The server did not take it. Check your connection and try again.');
		}
	};
	return (
		<form class="name-field" onSubmit={submit}>
			<label class="field">
				<span class="field-name">Your name for them</span>
				<input
					type="text"
					data-testid="contact-name"
					autocomplete="off"
					maxLength={100}
					value={name()}
					onInput={(event) => setName(event.currentTarget.value)}
				/>
			</label>
			<button
				type="submit"
				class="button plain"
				data-testid="save-contact-name"
				disabled={name().trim() === given()}
			>
				Save
			</button>
			<p class="problem" role="alert">
				{note()}
			</p>
		</form>
	);
}
