import { createMemo, createSignal, For, Show } from 'solid-js';
import type { Conversation } from '../../chat/messenger/chat-message.ts';
import type { Messenger } from '../../chat/messenger/messenger.ts';
import { redactAesgcmUris } from '../../core/aesgcm-uri.ts';
import { nameOf } from '../contact/name-of.ts';
import { formatTime } from '../format.ts';
import { Icon } from '../icons/icon.tsx';
import { Mark } from '../shell/mark.tsx';
import { Avatar } from './avatar.tsx';
import './conversation-list.css';

/** Whom one talks to, latest first, and who is in the roster besides. */
export function ConversationList(props: {
	messenger: Messenger;
	selected: string | undefined;
	onOpen: (jid: string) => void;
	onAdd: () => void;
	onAccount: () => void;
}) {
	const [search, setSearch] = createSignal('');
	const state = () => props.messenger.state;
	const matches = (jid: string) => {
		const wanted = search().trim().toLowerCase();
		return `${jid} ${nameOf(state(), jid)}`.toLowerCase().includes(wanted);
	};
	const conversations = createMemo(() => state().conversations.filter(({ peer }) => matches(peer)));
	const others = createMemo(() => {
		const known = new Set(state().conversations.map(({ peer }) => peer));
		return Object.keys(state().contacts)
			.filter((jid) => !known.has(jid) && matches(jid))
			.sort((a, b) => nameOf(state(), a).localeCompare(nameOf(state(), b)));
	});
	const isEmpty = () =>
		state().loaded && conversations().length === 0 && others().length === 0 && search() === '';
	return (
		<>
			<header class="head">
				<Mark />
				<h1>Balcony</h1>
				<button
					type="button"
					class="icon-button"
					data-testid="add-contact"
					aria-label="Add a contact"
					onClick={() => props.onAdd()}
				>
					<Icon name="add" size={22} />
				</button>
				<button
					type="button"
					class="icon-button"
					data-testid="account"
					aria-label="Account"
					onClick={() => props.onAccount()}
				>
					<Icon name="person" size={22} />
				</button>
			</header>
			<p
				class="connection"
				data-testid="connection"
				data-state={state().connection}
				aria-live="polite"
			>
				{connectionText(state().connection, state().catchingUp)}
			</p>
			<label class="list-search">
				<span class="visually-hidden">Search</span>
				<Icon name="search" size={18} />
				<input
					type="search"
					placeholder="Search"
					autocomplete="off"
					value={search()}
					onInput={(event) => setSearch(event.currentTarget.value)}
				/>
			</label>
			<For each={state().requests}>
				{(jid) => (
					<section class="request" data-testid="request" aria-label="Contact request">
						<p>
							<bdi>{jid}</bdi> wants to write with you.
						</p>
						<button
							type="button"
							class="button"
							data-testid="accept"
							onClick={() => {
								props.messenger.answerRequest(jid, true);
								props.onOpen(jid);
							}}
						>
							Accept
						</button>
						<button
							type="button"
							class="button plain"
							onClick={() => props.messenger.answerRequest(jid, false)}
						>
							Decline
						</button>
					</section>
				)}
			</For>
			<nav class="list" aria-label="Conversations">
				<ul>
					<For each={conversations()}>
						{(conversation) => (
							<ConversationRow
								messenger={props.messenger}
								conversation={conversation}
								isSelected={props.selected === conversation.peer}
								onOpen={props.onOpen}
							/>
						)}
					</For>
				</ul>
				<Show when={others().length > 0}>
					<h2 class="list-title">Contacts</h2>
					<ul>
						<For each={others()}>
							{(jid) => (
								<li>
									<button type="button" class="row" onClick={() => props.onOpen(jid)}>
										<Avatar
											jid={jid}
											name={nameOf(state(), jid)}
											src={state().profiles[jid]?.avatar}
										/>
										<span class="row-main">
											<span class="row-name">
												<bdi>{nameOf(state(), jid)}</bdi>
											</span>
											<span class="row-text">
												<bdi>{jid}</bdi>
											</span>
										</span>
									</button>
								</li>
							)}
						</For>
					</ul>
				</Show>
				<Show when={isEmpty()}>
					<div class="list-empty">
						<p>No conversations yet.</p>
						<button type="button" class="button" onClick={() => props.onAdd()}>
							Add a contact
						</button>
					</div>
				</Show>
			</nav>
		</>
	);
}

function ConversationRow(props: {
	messenger: Messenger;
	conversation: Conversation;
	isSelected: boolean;
	onOpen: (jid: string) => void;
}) {
	const state = () => props.messenger.state;
	const peer = () => props.conversation.peer;
	const text = () => {
		if (state().typing[peer()]) return 'is typing…';
		if (props.conversation.draft !== '') return `Draft: ${props.conversation.draft}`;
		const { lastText, lastIsOwn, lastTime } = props.conversation;
		if (lastTime === 0) return '';
		const shown = lastText === undefined ? '' : redactAesgcmUris(lastText);
		return lastIsOwn ? `You: ${shown}` : shown;
	};
	return (
		<li>
			<button
				type="button"
				class="row"
				classList={{ selected: props.isSelected }}
				data-testid="conversation"
				data-peer={peer()}
				aria-current={props.isSelected ? 'true' : undefined}
				onClick={() => props.onOpen(peer())}
			>
				<Avatar
					jid={peer()}
					name={nameOf(state(), peer())}
					src={state().profiles[peer()]?.avatar}
				/>
				<span class="row-main">
					<span class="row-name">
						<bdi>{nameOf(state(), peer())}</bdi>
					</span>
					<span class="row-text" classList={{ live: state().typing[peer()] === true }}>
						<bdi>{text()}</bdi>
					</span>
				</span>
				<span class="row-side">
					<Show when={props.conversation.lastTime > 0}>
						<span class="row-time">{formatTime(props.conversation.lastTime)}</span>
					</Show>
					<Show when={props.conversation.unread > 0}>
						<span class="unread" data-testid="unread">
							{props.conversation.unread}
							<span class="visually-hidden"> unread</span>
						</span>
					</Show>
				</span>
			</button>
		</li>
	);
}

function connectionText(connection: string, catchingUp: boolean): string {
	if (connection === 'online') return catchingUp ? 'Catching up…' : '';
	if (connection === 'connecting') return 'Connecting…';
	if (connection === 'auth-failed')
		return 'The server no longer accepts the password. Sign out and in again.';
	return 'No connection. What you write is sent later.';
}
