import { Show } from 'solid-js';
import type { UploadProgress } from '../../chat/model/messenger-state.ts';
import { createOnline } from '../parts/create-online.ts';
import { formatDuration, formatSize } from '../parts/format.ts';
import { PROGRESS_WORDS } from './share-progress-words.ts';
import { WORDS } from './words.ts';
import './share-progress.css';

/** How far a file of ours has come, and the way to give it up. */
export function SharingLine(props: {
	progress: UploadProgress | undefined;
	isOnline: boolean;
	name: string;
	onCancel: () => void;
}) {
	const isOnline = createOnline();
	const text = () => {
		const { progress } = props;
		if (progress?.step === 'keeping') return PROGRESS_WORDS.encrypting;
		if (progress?.step !== 'uploading')
			return props.isOnline && isOnline() ? PROGRESS_WORDS.queued : PROGRESS_WORDS.offline;
		const { done, size, speed } = progress;
		const parts = [PROGRESS_WORDS.done(formatSize(done), formatSize(size))];
		if (speed !== undefined && speed > 0 && done < size) {
			parts.push(PROGRESS_WORDS.speed(formatSize(speed)));
			parts.push(PROGRESS_WORDS.left(formatDuration((size - done) / speed)));
		}
		return parts.join(' · ');
	};
	return (
		<div class="share-progress" data-testid="share-progress" data-step={props.progress?.step}>
			<span>{text()}</span>
			<button
				type="button"
				class="notice-button"
				data-testid="cancel-share"
				aria-label={PROGRESS_WORDS.cancel(props.name)}
				onClick={() => props.onCancel()}
			>
				{WORDS.cancel}
			</button>
			<Show
				when={props.progress?.step !== 'waiting' && props.progress}
				fallback={<progress aria-label={PROGRESS_WORDS.sending(props.name)} />}
			>
				{(progress) => (
					<progress
						aria-label={PROGRESS_WORDS.sending(props.name)}
						max={progress().size}
						value={progress().done}
					/>
				)}
			</Show>
		</div>
	);
}
