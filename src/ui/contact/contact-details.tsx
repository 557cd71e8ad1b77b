import { createSignal, For, Show } from 'solid-js';
import type { Messenger } from '../../chat/account/messenger.ts';
import type { LoadRule } from '../../chat/model/conversation.ts';
import { Ask } from '../parts/ask.tsx';
import { Avatar } from '../parts/avatar.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Icon } from '../parts/icon.tsx';
import { nameOf } from '../parts/name-of.ts';
import { pendingHint } from '../parts/pending-text.ts';
import { DeviceList } from './device-list.tsx';
import { RenameContact } from './rename-contact.tsx';
import '../settings/settings-dialog.css';

const LOAD_RULES: readonly (readonly [LoadRule, string])[] = [
	['as-everywhere', 'As in the settings'],
	['always', 'Always'],
	['never', 'Never'],
];

/** Somebody's address and devices, and how one writes with them. */
export function ContactDetails(props: {
	messenger: Messenger;
	peer: string;
	/** what it is opened for, if not for all of it */
	at?: 'devices' | undefined;
	onVerify: () => void;
	onMedia: () => void;
	onClose: () => void;
}) {
	const isPlaintext = () =>
		props.messenger.state.conversations.find(({ peer }) => peer === props.peer)?.isPlaintext ??
		false;
	const loads = () =>
		props.messenger.state.conversations.find(({ peer }) => peer === props.peer)?.loads ??
		'as-everywhere';
	const [isRemoving, setRemoving] = createSignal(false);
	const [problem, setProblem] = createSignal('');
	const isContact = () => props.messenger.state.contacts[props.peer] !== undefined;
	const isBlocked = () => props.messenger.state.blocked[props.peer] ?? false;
	const attempt = (work: Promise<void>) => {
		setProblem('');
		work.catch(() =>
			setProblem('The server did not do that. Check your connection and try again.'),
		);
	};
	return (
		<Dialog
			title={nameOf(props.messenger.state, props.peer)}
			testid="contact-details"
			onClose={props.onClose}
		>
			<div class="own-profile">
				<Avatar
					jid={props.peer}
					name={nameOf(props.messenger.state, props.peer)}
					src={props.messenger.state.profiles[props.peer]?.avatar}
					size={72}
				/>
				<p class="dialog-hint">
					<bdi>{props.peer}</bdi>
				</p>
			</div>
			<p class="dialog-hint" role="status" data-testid="pending">
				{pendingHint(props.messenger.state, props.peer)}
			</p>
			<section>
				<h3>Media and files</h3>
				<div class="dialog-buttons">
					<button
						type="button"
						class="button plain"
						data-testid="open-media"
						onClick={props.onMedia}
					>
						<Icon name="image" /> Pictures, voice, files
					</button>
				</div>
			</section>
			<section>
				<h3>Devices</h3>
				<p class="dialog-hint">
					Compare these fingerprints with what the other side sees on its screen, in person or by a
					call. Once you verify one device, new devices must be verified too.
				</p>
				<div class="dialog-buttons">
					<button
						type="button"
						class="button plain"
						data-testid="verify-by-code"
						onClick={props.onVerify}
					>
						Verify by QR code or link
					</button>
				</div>
				<DeviceList
					messenger={props.messenger}
					jid={props.peer}
					focusFirstLeftOut={props.at === 'devices'}
				/>
			</section>
			<section>
				<h3>Encryption</h3>
				<p class="dialog-hint">
					{isPlaintext()
						? 'What you write here is not encrypted: both servers can read it.'
						: 'What you write here is end-to-end encrypted.'}
				</p>
				<div class="dialog-buttons">
					<button
						type="button"
						class="button"
						classList={{ danger: !isPlaintext() }}
						data-testid="toggle-plaintext"
						onClick={() => props.messenger.chats.setPlaintext(props.peer, !isPlaintext())}
					>
						{isPlaintext() ? 'Encrypt again' : 'Write without encryption'}
					</button>
				</div>
			</section>
			<section>
				<label class="setting-row">
					<span>
						<span class="setting-name">Download automatically</span>
						<span class="setting-hint">
							Only while they are a contact, and only from their server or yours.
						</span>
					</span>
					<select
						class="setting-select"
						data-testid="load-rule"
						onChange={(event) =>
							props.messenger.chats.setLoading(props.peer, event.currentTarget.value as LoadRule)
						}
					>
						<For each={LOAD_RULES}>
							{([rule, label]) => (
								<option value={rule} selected={loads() === rule}>
									{label}
								</option>
							)}
						</For>
					</select>
				</label>
			</section>
			<section>
				<h3>Contact</h3>
				<Show when={props.messenger.state.contacts[props.peer]}>
					<RenameContact messenger={props.messenger} jid={props.peer} />
				</Show>
				<p class="problem" role="alert">
					{problem()}
				</p>
				<div class="dialog-buttons">
					{/* One button: what has the focus keeps it. */}
					<button
						type="button"
						class="button plain"
						data-testid={isContact() ? 'remove-contact' : 'add-to-contacts'}
						onClick={() =>
							isContact()
								? setRemoving(true)
								: attempt(props.messenger.people.addContact(props.peer))
						}
					>
						{isContact() ? 'Remove from contacts' : 'Add to contacts'}
					</button>
					<button
						type="button"
						class="button"
						classList={{ danger: !isBlocked(), plain: isBlocked() }}
						data-testid="toggle-blocked"
						onClick={() => attempt(props.messenger.people.setBlocked(props.peer, !isBlocked()))}
					>
						{isBlocked() ? 'Unblock' : 'Block'}
					</button>
				</div>
				<Show when={isBlocked()}>
					<p class="dialog-hint">Your server keeps everything from this address away from you.</p>
				</Show>
			</section>
			<Show when={isRemoving()}>
				<Ask
					title="Remove from contacts?"
					testid="ask-remove-contact"
					yes="Remove"
					yesTestid="confirm-remove-contact"
					isDanger
					no="Keep"
					onYes={() => {
						setRemoving(false);
						attempt(props.messenger.people.removeContact(props.peer));
					}}
					onClose={() => setRemoving(false)}
				>
					The name you gave them is lost, neither of you sees any more when the other is online,
					they do not learn what you have read, and their files load only when you ask. What you
					wrote to each other stays.
				</Ask>
			</Show>
		</Dialog>
	);
}
