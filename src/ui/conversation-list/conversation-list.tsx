import { createMemo, createSignal, For, type JSX, Show } from 'solid-js';
import type { Conversation } from '../../chat/messenger/chat-message.ts';
import type { Messenger } from '../../chat/messenger/messenger.ts';
import { redactAesgcmUris } from '../../core/aesgcm-uri.ts';
import { nameOf } from '../contact/name-of.ts';
import { formatWhen } from '../format.ts';
import { Icon } from '../icons/icon.tsx';
import { Mark } from '../shell/mark.tsx';
import { Avatar } from './avatar.tsx';
import { connectionText } from './connection-text.ts';
import { FirstSteps } from './first-steps.tsx';
import './conversation-list.css';

/** Unread messages that are counted one by one. */
const MOST_UNREAD = 99;

/** Whom one talks to, latest first, and who is in the roster besides. Arrow keys go through it. */
export function ConversationList(props: {
	messenger: Messenger;
	selected: string | undefined;
	/** a voice message waits there to be sent */
	hasVoice: (jid: string) => boolean;
	/** what concerns the whole page, below the head */
	notices: JSX.Element;
	onOpen: (jid: string) => void;
	onAdd: () => void;
	onCode: () => void;
	onAccount: () => void;
}) {
	let field!: HTMLInputElement;
	let list!: HTMLElement;
	const [search, setSearch] = createSignal('');
	const [focused, setFocused] = createSignal<string>();
	const state = () => props.messenger.state;
	const matches = (jid: string) => {
		const wanted = search().trim().toLowerCase();
		return `${jid} ${nameOf(state(), jid)}`.toLowerCase().includes(wanted);
	};
	const conversations = createMemo(
		() => new Map(state().conversations.map((conversation) => [conversation.peer, conversation])),
	);
	// By address: a row stays the same one, and focused, when there is something new in it.
	const peers = createMemo(() => [...conversations().keys()].filter(matches));
	const others = createMemo(() =>
		Object.keys(state().contacts)
			.filter((jid) => !conversations().has(jid) && matches(jid))
			.sort((a, b) => nameOf(state(), a).localeCompare(nameOf(state(), b))),
	);
	const all = createMemo(() => [...peers(), ...others()]);
	/** the one row that Tab stops at */
	const stop = createMemo(() => {
		const wanted = [focused(), props.selected].filter((jid) => jid !== undefined);
		return wanted.find((jid) => all().includes(jid)) ?? all()[0];
	});
	const onListKey = (event: KeyboardEvent) => {
		const rows = [...list.querySelectorAll<HTMLElement>('.row')];
		const at = rows.findIndex((row) => row.contains(document.activeElement));
		const steps: Record<string, number> = {
			ArrowUp: at - 1,
			ArrowDown: at + 1,
			Home: 0,
			End: rows.length - 1,
		};
		const to = steps[event.key];
		if (at < 0 || to === undefined) return;
		event.preventDefault();
		(to < 0 ? field : rows[to])?.focus();
	};
	const onSearchKey = (event: KeyboardEvent) => {
		const [first] = all();
		if (event.key === 'ArrowDown') list.querySelector<HTMLElement>('.row')?.focus();
		else if (event.key === 'Enter' && search() !== '' && first !== undefined) props.onOpen(first);
		else if (event.key === 'Escape' && search() !== '') setSearch('');
		else return;
		event.preventDefault();
	};
	const row = (jid: string) => (
		<Row
			messenger={props.messenger}
			jid={jid}
			conversation={conversations().get(jid)}
			isSelected={props.selected === jid}
			hasVoice={props.hasVoice(jid)}
			isStop={stop() === jid}
			onFocus={() => setFocused(jid)}
			onOpen={props.onOpen}
		/>
	);
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
					title="Add a contact"
					onClick={() => props.onAdd()}
				>
					<Icon name="add" size={22} />
				</button>
				<button
					type="button"
					class="icon-button"
					data-testid="account"
					aria-label="Account"
					title="Account"
					onClick={() => props.onAccount()}
				>
					<Icon name="person" size={22} />
				</button>
			</header>
			{props.notices}
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
					ref={field}
					type="search"
					placeholder="Search"
					autocomplete="off"
					data-testid="search"
					value={search()}
					onInput={(event) => setSearch(event.currentTarget.value)}
					onKeyDown={onSearchKey}
				/>
			</label>
			<div class="list">
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
								data-testid="decline"
								onClick={() => props.messenger.answerRequest(jid, false)}
							>
								Decline
							</button>
						</section>
					)}
				</For>
				<nav ref={list} aria-label="Conversations" onKeyDown={onListKey}>
					<ul>
						<For each={peers()}>{row}</For>
					</ul>
					<Show when={others().length > 0}>
						<h2 class="list-title">Contacts</h2>
						<ul>
							<For each={others()}>{row}</For>
						</ul>
					</Show>
				</nav>
				<Show when={state().loaded && all().length === 0}>
					<Show
						when={search() !== ''}
						fallback={
							<FirstSteps
								account={state().account}
								onCode={() => props.onCode()}
								onAdd={() => props.onAdd()}
							/>
						}
					>
						<div class="list-empty" role="status" data-testid="no-result">
							<p>
								Nobody here is called <bdi>“{search().trim()}”</bdi>.
							</p>
							<button type="button" class="button plain" onClick={() => props.onAdd()}>
								Add a contact
							</button>
						</div>
					</Show>
				</Show>
			</div>
		</>
	);
}

function Row(props: {
	messenger: Messenger;
	jid: string;
	/** absent with whom one has not talked yet */
	conversation: Conversation | undefined;
	isSelected: boolean;
	hasVoice: boolean;
	isStop: boolean;
	onFocus: () => void;
	onOpen: (jid: string) => void;
}) {
	const state = () => props.messenger.state;
	const time = () => props.conversation?.lastTime ?? 0;
	const unread = () => props.conversation?.unread ?? 0;
	const text = () => {
		if (state().typing[props.jid]) return 'is typing…';
		if (props.hasVoice) return 'Draft: voice message';
		if (props.conversation === undefined) return props.jid;
		const { lastText, lastIsOwn, draft } = props.conversation;
		if (draft !== '') return `Draft: ${draft}`;
		if (lastText === undefined)
			return state().contacts[props.jid]?.isPending ? 'Has not accepted yet' : '';
		return `${lastIsOwn ? 'You: ' : ''}${redactAesgcmUris(lastText)}`;
	};
	return (
		<li>
			<button
				type="button"
				class="row"
				classList={{ selected: props.isSelected, 'has-unread': unread() > 0 }}
				data-testid="conversation"
				data-peer={props.jid}
				aria-current={props.isSelected ? 'true' : undefined}
				tabIndex={props.isStop ? 0 : -1}
				onFocus={() => props.onFocus()}
				onClick={() => props.onOpen(props.jid)}
			>
				<Avatar
					jid={props.jid}
					name={nameOf(state(), props.jid)}
					src={state().profiles[props.jid]?.avatar}
				/>
				<span class="row-main">
					<span class="row-name">
						<bdi>{nameOf(state(), props.jid)}</bdi>
					</span>
					<span class="row-text" classList={{ live: state().typing[props.jid] === true }}>
						<bdi>{text()}</bdi>
					</span>
				</span>
				<span class="row-side">
					<Show when={time() > 0}>
						<span class="row-time">{formatWhen(time())}</span>
					</Show>
					<Show when={unread() > 0}>
						<span class="unread" data-testid="unread">
							{unread() > MOST_UNREAD ? `${MOST_UNREAD}+` : unread()}
							<span class="visually-hidden"> unread</span>
						</span>
					</Show>
				</span>
			</button>
		</li>
	);
}
