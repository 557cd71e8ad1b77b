import { createSignal, For, Show } from 'solid-js';
import type { MessengerState } from '../../chat/model/messenger-state.ts';
import { Avatar } from '../parts/avatar.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Icon } from '../parts/icon.tsx';
import { nameOf } from '../parts/name-of.ts';
import { WORDS } from './words.ts';

/** Chooses to whom: a conversation, or a contact one has not written to yet. */
export function ChooseConversation(props: {
	title: string;
	state: MessengerState;
	/** what is sent is encrypted, and is not sent where nothing is */
	needsEncryption: boolean;
	/** what is sent, in a line */
	what?: string | undefined;
	onChoose: (peer: string) => void;
	onClose: () => void;
}) {
	const [search, setSearch] = createSignal('');
	// On a phone the keyboard would cover half of the list.
	const isTouch = matchMedia('(pointer: coarse)').matches;
	const peers = () => {
		// To unknown people something goes only as an answer.
		const chats = props.state.conversations.filter(({ isRequest }) => isRequest !== true);
		const written = chats.map(({ peer }) => peer);
		const all = new Set([...written, ...Object.keys(props.state.contacts)]);
		const wanted = search().trim().toLowerCase();
		return [...all].filter((jid) =>
			`${jid} ${nameOf(props.state, jid)}`.toLowerCase().includes(wanted),
		);
	};
	const isRefused = (jid: string) =>
		props.needsEncryption &&
		props.state.conversations.some(({ peer, isPlaintext }) => peer === jid && isPlaintext);
	return (
		<Dialog title={props.title} testid="choose-conversation" onClose={() => props.onClose()}>
			<Show when={props.what}>
				<p class="dialog-hint" data-testid="handed-over">
					<bdi>{props.what}</bdi>
				</p>
			</Show>
			<label class="list-search choose-search">
				<span class="visually-hidden">{WORDS.search}</span>
				<Icon name="search" size={18} />
				<input
					type="search"
					autofocus={!isTouch}
					placeholder={WORDS.search}
					autocomplete="off"
					value={search()}
					onInput={(event) => setSearch(event.currentTarget.value)}
				/>
			</label>
			<ul class="choose-list">
				<For
					each={peers()}
					fallback={
						<li class="dialog-hint">{search().trim() === '' ? WORDS.noChats : WORDS.nobody}</li>
					}
				>
					{(jid) => (
						<li>
							<button
								type="button"
								class="row"
								data-testid="choose"
								data-peer={jid}
								disabled={isRefused(jid)}
								onClick={() => props.onChoose(jid)}
							>
								<Avatar
									jid={jid}
									name={nameOf(props.state, jid)}
									src={props.state.profiles[jid]?.avatar}
								/>
								<span class="row-main">
									<span class="row-name">
										<bdi>{nameOf(props.state, jid)}</bdi>
									</span>
									<Show when={isRefused(jid)}>
										<span class="row-text">{WORDS.plaintextChat}</span>
									</Show>
								</span>
							</button>
						</li>
					)}
				</For>
			</ul>
		</Dialog>
	);
}
