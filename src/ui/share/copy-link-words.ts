import { WORDS as COMMON } from '../parts/words.ts';

export const COPY_LINK_WORDS = {
	title: 'Copy link?',
	copy: COMMON.copy,
	cancel: COMMON.cancel,
	text: 'The link includes the key: anyone who has it can open the file, and other apps can read what you copy.',
};
