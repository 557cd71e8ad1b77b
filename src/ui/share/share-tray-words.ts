import { WORDS as COMMON } from '../parts/words.ts';

/** The files that are about to be sent. */
export const TRAY_WORDS = {
	preparing: 'Preparing…',
	notSendable: "This file can't be sent.",
	sendAsIs: 'Send anyway',
	remove: (name: string) => `${COMMON.remove} ${name}`,
	said: (name: string) => `File name that is sent along with ${name}`,
	saidHint: 'Sent along, encrypted. Clear it to send the file without its name.',
	unsaid: 'No name',
	earlier: (name: string) => `Move ${name} forward`,
	total: (files: number, size: string) => `${files === 1 ? '1 file' : `${files} files`}, ${size}`,
	removeProblems: "Remove files that can't be sent",
	quality: 'Photo size',
	original: 'Original',
	good: 'Good',
	small: 'Small',
};
