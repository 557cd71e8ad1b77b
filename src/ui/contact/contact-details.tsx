import { createSignal, For, Show } from 'solid-js';
import type { DeviceInfo } from '../../chat/account/messenger.ts';
import type { ChatsArea, DevicesArea, PeopleArea } from '../../chat/account/messenger-areas.ts';
import type { LoadRule } from '../../chat/model/conversation.ts';
import type { MessengerState } from '../../chat/model/messenger-state.ts';
import { Ask } from '../parts/ask.tsx';
import { Avatar } from '../parts/avatar.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Icon } from '../parts/icon.tsx';
import { nameOf } from '../parts/name-of.ts';
import { pendingHint } from '../parts/pending-text.ts';
import { DeviceList } from './device-list.tsx';
import { RenameContact } from './rename-contact.tsx';
import { LOAD_RULES, WORDS } from './words.ts';
import '../settings/settings-dialog.css';

/** A contact's address, devices and settings. */
export function ContactDetails(props: {
	state: MessengerState;
	chats: ChatsArea;
	people: PeopleArea;
	devices: DevicesArea;
	readDevices: DeviceInfo[];
	peer: string;
	/** the section to show first */
	at?: 'devices' | undefined;
	onVerify: () => void;
	onMedia: () => void;
	onClose: () => void;
}) {
	const isPlaintext = () =>
		props.state.conversations.find(({ peer }) => peer === props.peer)?.isPlaintext ?? false;
	const loads = () =>
		props.state.conversations.find(({ peer }) => peer === props.peer)?.loads ?? 'as-everywhere';
	const [isRemoving, setRemoving] = createSignal(false);
	const [problem, setProblem] = createSignal('');
	const isContact = () => props.state.contacts[props.peer] !== undefined;
	const isBlocked = () => props.state.blocked[props.peer] ?? false;
	const attempt = (work: Promise<void>) => {
		setProblem('');
		work.catch(() => setProblem(WORDS.notDone));
	};
	return (
		<Dialog
			title={nameOf(props.state, props.peer)}
			testid="contact-details"
			onClose={props.onClose}
		>
			<div class="own-profile">
				<Avatar
					jid={props.peer}
					name={nameOf(props.state, props.peer)}
					src={props.state.profiles[props.peer]?.avatar}
					size={72}
				/>
				<p class="dialog-hint">
					<bdi>{props.peer}</bdi>
				</p>
			</div>
			<p class="dialog-hint" role="status" data-testid="pending">
				{pendingHint(props.state, props.peer)}
			</p>
			<section>
				<h3>{WORDS.media}</h3>
				<div class="dialog-buttons">
					<button
						type="button"
						class="button plain"
						data-testid="open-media"
						onClick={props.onMedia}
					>
						<Icon name="image" /> {WORDS.openMedia}
					</button>
				</div>
			</section>
			<section>
				<h3>{WORDS.devices}</h3>
				<p class="dialog-hint">{WORDS.devicesHint}</p>
				<div class="dialog-buttons">
					<button
						type="button"
						class="button plain"
						data-testid="verify-by-code"
						onClick={props.onVerify}
					>
						{WORDS.verify}
					</button>
				</div>
				<DeviceList
					read={props.readDevices}
					state={props.state}
					devices={props.devices}
					jid={props.peer}
					focusFirstLeftOut={props.at === 'devices'}
				/>
			</section>
			<section>
				<h3>{WORDS.encryption}</h3>
				<p class="dialog-hint">{isPlaintext() ? WORDS.plaintext : WORDS.encrypted}</p>
				<div class="dialog-buttons">
					<button
						type="button"
						class="button"
						classList={{ danger: !isPlaintext() }}
						data-testid="toggle-plaintext"
						onClick={() => props.chats.setPlaintext(props.peer, !isPlaintext())}
					>
						{isPlaintext() ? WORDS.encrypt : WORDS.sendPlaintext}
					</button>
				</div>
			</section>
			<section>
				<label class="setting-row">
					<span>
						<span class="setting-name">{WORDS.download}</span>
						<span class="setting-hint">{WORDS.downloadHint}</span>
					</span>
					<select
						class="setting-select"
						data-testid="load-rule"
						onChange={(event) =>
							props.chats.setLoading(props.peer, event.currentTarget.value as LoadRule)
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
				<h3>{WORDS.contact}</h3>
				<Show when={props.state.contacts[props.peer]}>
					<RenameContact state={props.state} people={props.people} jid={props.peer} />
				</Show>
				<p class="problem" role="alert">
					{problem()}
				</p>
				<div class="dialog-buttons">
					{/* One button, so that it keeps the focus when it changes. */}
					<button
						type="button"
						class="button plain"
						data-testid={isContact() ? 'remove-contact' : 'add-to-contacts'}
						onClick={() =>
							isContact() ? setRemoving(true) : attempt(props.people.addContact(props.peer))
						}
					>
						{isContact() ? WORDS.remove : WORDS.add}
					</button>
					<button
						type="button"
						class="button"
						classList={{ danger: !isBlocked(), plain: isBlocked() }}
						data-testid="toggle-blocked"
						onClick={() => attempt(props.people.setBlocked(props.peer, !isBlocked()))}
					>
						{isBlocked() ? WORDS.unblock : WORDS.block}
					</button>
				</div>
				<Show when={isBlocked()}>
					<p class="dialog-hint">{WORDS.blocked}</p>
				</Show>
			</section>
			<Show when={isRemoving()}>
				<Ask
					title={WORDS.askRemove}
					testid="ask-remove-contact"
					yes={WORDS.confirmRemove}
					yesTestid="confirm-remove-contact"
					isDanger
					no={WORDS.keep}
					onYes={() => {
						setRemoving(false);
						attempt(props.people.removeContact(props.peer));
					}}
					onClose={() => setRemoving(false)}
				>
					{WORDS.askRemoveText}
				</Ask>
			</Show>
		</Dialog>
	);
}
