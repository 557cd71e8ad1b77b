import { createMemo, createSignal, For, onMount, Show } from 'solid-js';
import type { MessengerState } from '../../chat/model/messenger-state.ts';
import { Ask } from '../parts/ask.tsx';
import { Icon } from '../parts/icon.tsx';
import { WORDS as PARTS } from '../parts/words.ts';
import { ConversationRow } from './conversation-row.tsx';
import { createRovingRows, stepThroughRows } from './roving-rows.ts';
import { REQUEST_WORDS } from './words.ts';
import './request-list.css';

/** Stands in place of the list's head. */
export function RequestListHead(props: { onBack: () => void; onDeleteAll: () => void }) {
	const [isAsking, setAsking] = createSignal(false);
	return (
		<header class="head requests-head">
			<button
				type="button"
				class="icon-button"
				data-testid="requests-back"
				aria-label={PARTS.backToChats}
				title={PARTS.backToChats}
				onClick={() => props.onBack()}
			>
				<Icon name="back" size={22} />
			</button>
			<h1>{PARTS.messageRequests}</h1>
			<button
				type="button"
				class="icon-button"
				data-testid="delete-requests"
				aria-label={REQUEST_WORDS.deleteAll}
				title={REQUEST_WORDS.deleteAll}
				onClick={() => setAsking(true)}
			>
				<Icon name="remove" size={22} />
			</button>
			<Show when={isAsking()}>
				<Ask
					title={REQUEST_WORDS.askDeleteAll}
					testid="ask-delete-requests"
					yes={REQUEST_WORDS.yes}
					yesTestid="confirm-delete-requests"
					isDanger
					no={PARTS.cancel}
					onYes={() => {
						setAsking(false);
						props.onDeleteAll();
					}}
					onClose={() => setAsking(false)}
				>
					{PARTS.requestsDeleted}
				</Ask>
			</Show>
		</header>
	);
}

/** The message requests of unknown people, latest first. Arrow keys go through it. */
export function RequestList(props: {
	state: MessengerState;
	jids: readonly string[];
	selected: string | undefined;
	hasVoice: (jid: string) => boolean;
	onOpen: (jid: string) => void;
}) {
	let list!: HTMLElement;
	const state = () => props.state;
	const conversations = createMemo(
		() => new Map(state().conversations.map((conversation) => [conversation.peer, conversation])),
	);
	const roving = createRovingRows(
		() => props.jids,
		() => props.selected,
	);
	// The row that was pressed to come here is gone, and the focus with it.
	onMount(() => list.querySelector<HTMLElement>('.row[tabindex="0"]')?.focus());
	return (
		<div class="list" data-testid="request-list">
			<p class="requests-hint">{REQUEST_WORDS.hint}</p>
			<Show when={state().requestsFull}>
				<p class="requests-hint requests-full" data-testid="requests-full" role="status">
					{REQUEST_WORDS.full}
				</p>
			</Show>
			<nav
				ref={list}
				aria-label={PARTS.messageRequests}
				onKeyDown={(event) => stepThroughRows(event, list)}
			>
				<ul>
					<For each={props.jids}>
						{(jid) => (
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
						)}
					</For>
				</ul>
			</nav>
		</div>
	);
}
