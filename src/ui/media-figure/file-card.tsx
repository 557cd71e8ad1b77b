import type { MediaItem } from '../../chat/files/media-item.ts';
import { formatSize } from '../parts/format.ts';
import { Icon, type IconName } from '../parts/icon.tsx';
import { shownName } from './shown-name.ts';

/** Anything that is not shown: what it is, and that it can be saved. */
export function FileCard(props: {
	item: MediaItem;
	/** what its sender calls it */
	name?: string | undefined;
	note: string | undefined;
	icon?: IconName;
}) {
	const facts = () => {
		const { label, size } = props.item.status;
		return [label, size === undefined ? undefined : formatSize(size)].filter(Boolean).join(' · ');
	};
	return (
		<div class="file-card">
			<span class="file-icon">
				<Icon name={props.icon ?? 'file'} size={28} />
			</span>
			<div class="file-facts">
				<span class="file-name">
					<bdi>{props.name ?? shownName(props.item)}</bdi>
				</span>
				<span class="file-size">{facts()}</span>
				<span class="file-note">{props.note}</span>
			</div>
		</div>
	);
}
