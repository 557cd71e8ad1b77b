import { WORDS as COMMON } from '../parts/words.ts';

export const WORDS = {
	title: COMMON.appName,
	back: COMMON.backToChats,
	settings: COMMON.settings,
	opened: 'Opened files',
};
