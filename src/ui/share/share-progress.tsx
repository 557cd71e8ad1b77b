import { Show } from 'solid-js';
import type { ShareProgress } from '../../chat/model/messenger-state.ts';
import { createOnline } from '../parts/create-online.ts';
import { formatDuration, formatSize } from '../parts/format.ts';
import './share-progress.css';

/** How far a file of ours has come, and the way to give it up. */
export function SharingLine(props: {
	progress: ShareProgress | undefined;
	isOnline: boolean;
	name: string;
	onCancel: () => void;
}) {
	const isOnline = createOnline();
	const text = () => {
		const { progress } = props;
		if (progress?.step === 'keeping') return 'Encrypting…';
		if (progress?.step !== 'uploading')
			return props.isOnline && isOnline()
				? 'Waiting for its turn'
				: 'Sent when there is a connection';
		const { done, size, speed } = progress;
		const parts = [`${formatSize(done)} of ${formatSize(size)}`];
		if (speed !== undefined && speed > 0 && done < size) {
			parts.push(`${formatSize(speed)}/s`);
			parts.push(`${formatDuration((size - done) / speed)} left`);
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
				aria-label={`Do not send ${props.name}`}
				onClick={() => props.onCancel()}
			>
				Cancel
			</button>
			<Show
				when={props.progress?.step !== 'waiting' && props.progress}
				fallback={<progress aria-label={`Sending ${props.name}`} />}
			>
				{(progress) => (
					<progress
						aria-label={`Sending ${props.name}`}
						max={progress().size}
						value={progress().done}
					/>
				)}
			</Show>
		</div>
	);
}
