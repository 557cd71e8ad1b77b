import { createMemo, createSignal, For, onMount, Show } from 'solid-js';
import type { Messenger } from '../../chat/account/messenger.ts';
import { Ask } from '../parts/ask.tsx';
import { Icon } from '../parts/icon.tsx';
import { ConversationRow } from './conversation-row.tsx';
import { createRovingRows, stepThroughRows } from './roving-rows.ts';
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
				aria-label="Back to chats"
				title="Back to chats"
				onClick={() => props.onBack()}
			>
				<Icon name="back" size={22} />
			</button>
			<h1>Message requests</h1>
			<button
				type="button"
				class="icon-button"
				data-testid="delete-requests"
				aria-label="Delete all requests"
				title="Delete all requests"
				onClick={() => setAsking(true)}
			>
				<Icon name="remove" size={22} />
			</button>
			<Show when={isAsking()}>
				<Ask
					title="Delete all requests?"
					testid="ask-delete-requests"
					yes="Delete all"
					yesTestid="confirm-delete-requests"
					isDanger
					no="Keep them"
					onYes={() => {
						setAsking(false);
						props.onDeleteAll();
					}}
					onClose={() => setAsking(false)}
				>
					All messages in them are deleted from this device. The people are not told, and can write
					to you again.
				</Ask>
			</Show>
		</header>
	);
}

/** The message requests of unknown people, latest first. Arrow keys go through it. */
export function RequestList(props: {
	messenger: Messenger;
	jids: readonly string[];
	selected: string | undefined;
	hasVoice: (jid: string) => boolean;
	onOpen: (jid: string) => void;
}) {
	let list!: HTMLElement;
	const state = () => props.messenger.state;
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
			<p class="requests-hint">
				These people aren't in your contacts. They can't see whether you have read their messages.
			</p>
			<Show when={state().requestsFull}>
				<p class="requests-hint requests-full" data-testid="requests-full" role="status">
					More people may have tried to write to you. Answer or delete some requests to see new
					ones.
				</p>
			</Show>
			<nav
				ref={list}
				aria-label="Message requests"
				onKeyDown={(event) => stepThroughRows(event, list)}
			>
				<ul>
					<For each={props.jids}>
						{(jid) => (
							<ConversationRow
								messenger={props.messenger}
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
