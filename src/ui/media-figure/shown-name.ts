import { kindOf, type MediaItem } from '../../chat/media-item.ts';

/** What apps call a file on the server so that its name tells nothing: hexadecimal digits, a UUID. */
const RANDOM = /^(?:[0-9a-f]{16,}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:\.\w+)?$/iu;
const KINDS = { image: 'Picture', audio: 'Voice message', video: 'Video' } as const;

/** Whether a name was made up by an app, and says nothing to people. */
export function isRandomName(name: string): boolean {
	return RANDOM.test(name);
}

/** What a file is called for people; what it is, if its name says nothing. */
export function shownName(
	item: Pick<MediaItem, 'name' | 'extension' | 'status' | 'guess'>,
): string {
	if (!isRandomName(item.name)) return item.name;
	const kind = kindOf(item);
	if (kind === 'image' || kind === 'audio' || kind === 'video') return KINDS[kind];
	return `${item.extension === 'bin' ? '' : `${item.extension.toUpperCase()} `}file`;
}
