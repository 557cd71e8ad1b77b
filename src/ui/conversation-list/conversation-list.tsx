import { createMemo, createSignal, For, type JSX, Show } from 'solid-js';
import type { PeopleArea } from '../../chat/account/messenger-areas.ts';
import type { Conversation } from '../../chat/model/conversation.ts';
import type { MessengerState } from '../../chat/model/messenger-state.ts';
import { loadOnce } from '../../core/async/load-once.ts';
import { Icon } from '../parts/icon.tsx';
import { later } from '../parts/later.tsx';
import { Mark } from '../parts/mark.tsx';
import { nameOf } from '../parts/name-of.ts';
import { WORDS as PARTS } from '../parts/words.ts';
import { connectionText } from './connection-text.ts';
import { ConversationRow } from './conversation-row.tsx';
import { RequestsRow } from './requests-row.tsx';
import { createRovingRows, stepThroughRows } from './roving-rows.ts';
import { WORDS } from './words.ts';
import './conversation-list.css';

const loadParts = loadOnce(() => import('./list-parts.ts'));
const FirstSteps = later('line', async () => (await loadParts()).FirstSteps);
const RequestListHead = later('line', async () => (await loadParts()).RequestListHead);
export const RequestList = later('line', async () => (await loadParts()).RequestList);

/** The row of the message requests among those of people; no address is like that. */
const REQUESTS = '';

/** The chats, latest first, and the contacts without one; or, in their place, the message requests. Arrow keys go through it. */
export function ConversationList(props: {
	state: MessengerState;
	people: PeopleArea;
	selected: string | undefined;
	/** a voice message waits there to be sent */
	hasVoice: (jid: string) => boolean;
	/** what concerns the whole page, below the head */
	notices: JSX.Element;
	/** those who are unknown are shown */
	showsRequests: boolean;
	onRequests: () => void;
	onRequestsBack: () => void;
	onDeleteRequests: (jids: readonly string[]) => void;
	onOpen: (jid: string) => void;
	onAdd: () => void;
	onCode: () => void;
	onAccount: () => void;
}) {
	let field!: HTMLInputElement;
	let list!: HTMLElement;
	const [search, setSearch] = createSignal('');
	const state = () => props.state;
	const matches = (jid: string) => {
		const wanted = search().trim().toLowerCase();
		return `${jid} ${nameOf(state(), jid)}`.toLowerCase().includes(wanted);
	};
	const conversations = createMemo(
		() => new Map(state().conversations.map((conversation) => [conversation.peer, conversation])),
	);
	// By address: a row stays the same one, and focused, when there is something new in it.
	const requests = createMemo(() => peersOf(state().conversations.filter(isRequest)));
	const peers = createMemo(() =>
		peersOf(state().conversations.filter((conversation) => !isRequest(conversation))).filter(
			matches,
		),
	);
	const others = createMemo(() =>
		Object.keys(state().contacts)
			.filter((jid) => !conversations().has(jid) && matches(jid))
			.sort((a, b) => nameOf(state(), a).localeCompare(nameOf(state(), b))),
	);
	/** who has written as well is asked about with what they wrote */
	const asking = createMemo(() => state().requests.filter((jid) => !requests().includes(jid)));
	const isSearching = () => search().trim() !== '';
	/** among chats they are one row, and each is found */
	const found = createMemo(() => (isSearching() ? requests().filter(matches) : []));
	const hasRequestsRow = () => requests().length > 0 && !isSearching();
	const all = createMemo(() => [...peers(), ...others(), ...found()]);
	const roving = createRovingRows(
		() => (hasRequestsRow() ? [REQUESTS, ...all()] : all()),
		() => props.selected,
	);
	const onSearchKey = (event: KeyboardEvent) => {
		const [first] = all();
		if (event.key === 'ArrowDown') list.querySelector<HTMLElement>('.row')?.focus();
		else if (event.key === 'Enter' && search() !== '' && first !== undefined) props.onOpen(first);
		else if (event.key === 'Escape' && search() !== '') setSearch('');
		else return;
		event.preventDefault();
	};
	const row = (jid: string) => (
		<ConversationRow
			state={props.state}
			jid={jid}
			conversation={conversations().get(jid)}
			isSelected={props.selected === jid}
			hasVoice={props.hasVoice(jid)}
			isStop={roving.stop() === jid}
			onFocus={() => roving.focused(jid)}
			onOpen={props.onOpen}
		/>
	);
	return (
		<>
			<Show
				when={props.showsRequests}
				fallback={
					<header class="head">
						<Mark />
						<h1>{PARTS.appName}</h1>
						<button
							type="button"
							class="icon-button"
							data-testid="add-contact"
							aria-label={PARTS.addContact}
							title={PARTS.addContact}
							onClick={() => props.onAdd()}
						>
							<Icon name="add" size={22} />
						</button>
						<button
							type="button"
							class="icon-button"
							data-testid="account"
							aria-label={WORDS.account}
							title={WORDS.account}
							onClick={() => props.onAccount()}
						>
							<Icon name="person" size={22} />
						</button>
					</header>
				}
			>
				<RequestListHead
					onBack={() => props.onRequestsBack()}
					onGiveUp={() => props.onRequestsBack()}
					onDeleteAll={() => props.onDeleteRequests(requests())}
				/>
			</Show>
			{props.notices}
			<p
				class="connection"
				data-testid="connection"
				data-state={state().connection}
				aria-live="polite"
			>
				{connectionText(state().connection, state().catchingUp)}
			</p>
			<Show
				when={props.showsRequests}
				fallback={
					<>
						<label class="list-search">
							<span class="visually-hidden">{WORDS.search}</span>
							<Icon name="search" size={18} />
							<input
								ref={field}
								type="search"
								placeholder={WORDS.search}
								autocomplete="off"
								data-testid="search"
								value={search()}
								onInput={(event) => setSearch(event.currentTarget.value)}
								onKeyDown={onSearchKey}
							/>
						</label>
						<div class="list">
							<For each={asking()}>
								{(jid) => (
									<section class="request" data-testid="request" aria-label={WORDS.contactRequest}>
										<p>
											<bdi>{jid}</bdi>
											{WORDS.wantsToMessage}
										</p>
										<button
											type="button"
											class="button"
											data-testid="accept"
											onClick={() => {
												props.people.answerRequest(jid, true);
												props.onOpen(jid);
											}}
										>
											{PARTS.accept}
										</button>
										<button
											type="button"
											class="button plain"
											data-testid="decline"
											onClick={() => props.people.answerRequest(jid, false)}
										>
											{WORDS.decline}
										</button>
									</section>
								)}
							</For>
							<nav
								ref={list}
								aria-label={WORDS.chats}
								onKeyDown={(event) => stepThroughRows(event, list, field)}
							>
								<ul>
									<Show when={hasRequestsRow()}>
										<RequestsRow
											count={requests().length}
											hasUnread={state().conversations.some(
												(conversation) => isRequest(conversation) && conversation.unread > 0,
											)}
											isStop={roving.stop() === REQUESTS}
											onFocus={() => roving.focused(REQUESTS)}
											onOpen={() => props.onRequests()}
										/>
									</Show>
									<For each={peers()}>{row}</For>
								</ul>
								<Show when={others().length > 0}>
									<h2 class="list-title">{WORDS.contacts}</h2>
									<ul>
										<For each={others()}>{row}</For>
									</ul>
								</Show>
								<Show when={found().length > 0}>
									<h2 class="list-title">{PARTS.messageRequests}</h2>
									<ul>
										<For each={found()}>{row}</For>
									</ul>
								</Show>
							</nav>
							<Show when={state().loaded && all().length === 0}>
								<Show
									when={isSearching()}
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
											{WORDS.noResult} <bdi>“{search().trim()}”</bdi>
										</p>
										<button type="button" class="button plain" onClick={() => props.onAdd()}>
											{PARTS.addContact}
										</button>
									</div>
								</Show>
							</Show>
						</div>
					</>
				}
			>
				<RequestList
					state={props.state}
					jids={requests()}
					selected={props.selected}
					hasVoice={props.hasVoice}
					onOpen={props.onOpen}
				/>
			</Show>
		</>
	);
}

function isRequest(conversation: Conversation): boolean {
	return conversation.isRequest === true;
}

function peersOf(conversations: readonly Conversation[]): string[] {
	return conversations.map(({ peer }) => peer);
}
