import { createResource } from 'solid-js';
import type { MessagesArea } from '../../chat/account/messenger-areas.ts';
import { previewOf } from '../../chat/model/attachment.ts';
import type { Message } from '../../chat/model/message.ts';
import type { MessengerState } from '../../chat/model/messenger-state.ts';
import { repeatedText } from '../../chat/model/shown-text.ts';
import { redactAesgcmUris } from '../../core/links/aesgcm-uri.ts';
import { cutText } from '../../core/text/cut-text.ts';
import { actionOf } from '../../core/text/me-command.ts';
import { nameOf } from '../parts/name-of.ts';
import { WORDS as PARTS } from '../parts/words.ts';
import { MESSAGE_WORDS } from './words.ts';

/** Characters of what an answer says again: a line or two are seen. */
const MAX_LENGTH = 300;

/** The message that another answers, as it is kept here: what the sender claims it said is not believed. */
export function MessageQuote(props: {
	state: MessengerState;
	messages: MessagesArea;
	/** the answer */
	message: Message;
	onJump: (key: string) => void;
}) {
	const [found] = createResource(
		() => props.message,
		(answer) => props.messages.answered(answer),
	);
	/** as a text tells of who did something */
	const name = () => {
		const { peer = props.message.peer, isOwn = false } = found.latest ?? {};
		return nameOf(props.state, isOwn ? props.state.account : peer);
	};
	const author = () => {
		const message = found.latest;
		if (message === undefined) return '';
		return message.isOwn ? PARTS.you : nameOf(props.state, props.message.peer);
	};
	const text = () => actionOf(quoted(), name()) ?? quoted();
	const quoted = () => {
		const message = found.latest;
		// The words of the answer itself, which may be of an earlier version, or of what was deleted since.
		const isFile = message?.attachment?.kind === 'file';
		const repeated = repeatedText(props.message) ?? props.message.replyTo?.quoted;
		if (repeated !== undefined && !isFile) return cutText(redactAesgcmUris(repeated), MAX_LENGTH);
		if (message === undefined) return found.loading ? '' : MESSAGE_WORDS.notHere;
		return redactAesgcmUris(previewOf(message));
	};
	return (
		<button
			type="button"
			class="message-quote"
			data-testid="quote"
			disabled={found.latest === undefined}
			onClick={() => found.latest && props.onJump(found.latest.key)}
		>
			<span class="visually-hidden">{MESSAGE_WORDS.replyTo} </span>
			<bdi class="quote-author">{author()}</bdi>
			<bdi class="quote-text">{text()}</bdi>
		</button>
	);
}
