import { previewOf } from '../../chat/model/attachment.ts';
import type { Message } from '../../chat/model/message.ts';
import { redactAesgcmUris } from '../../core/links/aesgcm-uri.ts';
import { Icon } from '../parts/icon.tsx';
import { COMPOSER_WORDS } from './words.ts';

/** The message that is answered or corrected by what is being written. */
export interface ComposerTask {
	readonly kind: 'reply' | 'edit';
	readonly message: Message;
}

/** Says what is being written, and ends it. */
export function ComposerTaskLine(props: {
	task: ComposerTask;
	/** of the other side */
	name: string;
	onEnd: () => void;
}) {
	const isEdit = () => props.task.kind === 'edit';
	return (
		<div class="composer-task" data-testid="composer-task">
			<Icon name={isEdit() ? 'edit' : 'reply'} size={18} />
			<p>
				<span class="quote-author">
					{isEdit()
						? COMPOSER_WORDS.editMessage
						: COMPOSER_WORDS.replyTo(
								props.task.message.isOwn ? COMPOSER_WORDS.yourself : props.name,
							)}
				</span>
				<bdi class="quote-text">{redactAesgcmUris(previewOf(props.task.message))}</bdi>
			</p>
			<button
				type="button"
				class="icon-button"
				data-testid="end-task"
				aria-label={isEdit() ? COMPOSER_WORDS.cancelEdit : COMPOSER_WORDS.cancelReply}
				onClick={() => props.onEnd()}
			>
				<Icon name="cancel" size={18} />
			</button>
		</div>
	);
}
