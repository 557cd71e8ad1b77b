import { WORDS as PARTS } from '../parts/words.ts';

/** A file in a message. */
export const WORDS = {
	openFile: 'Open file',
	download: PARTS.download,
	downloadAgain: 'Download again',
	labelOf: (verb: string, name: string) => `${verb} ${name}`,
	from: 'From',
	removed: 'removed from this device',
};

/** Why nothing came of what was pressed. */
export const FAILED_WORDS = {
	storageFull: "There's no room on this device for that.",
	other: "That didn't work. Try again.",
};
