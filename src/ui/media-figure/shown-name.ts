import { kindOf, type MediaItem } from '../../chat/files/media-item.ts';
import { guessKind } from '../../chat/model/media-kind.ts';
import { extensionOf, fileNameOfUrl } from '../../core/text/file-name.ts';
import { KIND_WORDS } from './words.ts';

/** File names that apps make up so that the server learns nothing: hexadecimal digits, a UUID. */
const RANDOM = /^(?:[0-9a-f]{16,}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:\.\w+)?$/iu;

/** The name to show for a file that was not opened yet, by the last part of its address. */
export function nameOfLinked(last: string): string {
	const name = fileNameOfUrl({ pathname: last });
	const status = {
		id: '',
		state: 'idle',
		counted: 0,
		verifying: false,
		sequential: false,
	} as const;
	const extension = extensionOf(name) || 'bin';
	const shown = shownName({ name, extension, guess: guessKind(name), status });
	return shown === KIND_WORDS.unnamed ? KIND_WORDS.file : shown;
}

/** Whether a name was made up by an app, and says nothing to people. */
export function isRandomName(name: string): boolean {
	return RANDOM.test(name);
}

/** The name to show for a file; its kind, if its name says nothing. */
export function shownName(
	item: Pick<MediaItem, 'name' | 'extension' | 'status' | 'guess'>,
): string {
	if (!isRandomName(item.name)) return item.name;
	const kind = kindOf(item);
	if (kind === 'image' || kind === 'audio' || kind === 'video') return KIND_WORDS[kind];
	return item.extension === 'bin'
		? KIND_WORDS.unnamed
		: KIND_WORDS.fileOf(item.extension.toUpperCase());
}
