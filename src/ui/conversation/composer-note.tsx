import { Show } from 'solid-js';
import { readFailure } from '../../chat/files/upload-failure.ts';
import { Icon } from '../parts/icon.tsx';
import { shareText } from '../share/share-text.ts';
import { COMPOSER_WORDS } from './words.ts';

/** The reason why a message has come back into its field, for people. */
export function unsavedText(thrown: unknown): string {
	const { code, detail } = readFailure(thrown).error;
	if (code === 'storage-full') return COMPOSER_WORDS.unsavedStorage;
	const why = code === 'internal' ? undefined : shareText(code, detail);
	return why ?? COMPOSER_WORDS.unsaved;
}

/** Says above the field why the message can't be sent, or why it has come back. */
export function ComposerNote(props: {
	/** of the words, for who describes something by them */
	id: string;
	isLong: boolean;
	/** what may be done about that: sent as a file, shortened, or nothing that is to be said */
	way: 'file' | 'shorten' | undefined;
	canSendFile: boolean;
	onSendFile: () => void;
	/** why what was sent before has come back */
	failure: string | undefined;
}) {
	return (
		<>
			<div class="composer-note" classList={{ empty: !props.isLong }}>
				{/* Always there: only what changes inside of it is read out. */}
				<p id={props.id} role="status" data-testid="too-long">
					<Show when={props.isLong}>
						{COMPOSER_WORDS.tooLong}
						{props.way === 'shorten' ? ` ${COMPOSER_WORDS.shorten}` : ''}
					</Show>
				</p>
				<Show when={props.isLong && props.way === 'file'}>
					<button
						type="button"
						class="notice-button"
						data-testid="send-as-file"
						disabled={!props.canSendFile}
						onClick={() => props.onSendFile()}
					>
						{COMPOSER_WORDS.sendAsFile}
					</button>
				</Show>
			</div>
			<Show when={props.failure}>
				<p class="composer-note failed" role="alert" data-testid="unsaved">
					<Icon name="altered" size={18} /> {props.failure}
				</p>
			</Show>
		</>
	);
}
