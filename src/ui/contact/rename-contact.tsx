import { createSignal } from 'solid-js';
import type { PeopleArea } from '../../chat/account/messenger-areas.ts';
import type { MessengerState } from '../../chat/model/messenger-state.ts';
import { WORDS } from './words.ts';
import '../parts/name-field.css';

/** How we call a contact; nobody else sees it. */
export function RenameContact(props: { state: MessengerState; people: PeopleArea; jid: string }) {
	const given = () => props.state.contacts[props.jid]?.name ?? '';
	const [name, setName] = createSignal(given());
	const [note, setNote] = createSignal('');
	const submit = async (event: Event) => {
		event.preventDefault();
		try {
			await props.people.renameContact(props.jid, name().trim());
			setNote('');
		} catch {
			setNote(WORDS.notDone);
		}
	};
	return (
		<form class="name-field" onSubmit={submit}>
			<label class="field">
				<span class="field-name">{WORDS.nickname}</span>
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
				{WORDS.save}
			</button>
			<p class="problem" role="alert">
				{note()}
			</p>
		</form>
	);
}
