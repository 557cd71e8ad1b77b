import { later } from '../parts/later.tsx';
import { loadRecorder } from './voice-draft.ts';

/** The menu of a message, and what it asks. */
export const MessageTools = later(
	'over',
	async () => (await import('./message-tools.tsx')).MessageTools,
);

export const VoiceRecorder = later('line', async () => (await loadRecorder()).VoiceRecorder);

export const ShareTray = later(
	'row',
	async () => (await import('../share/share-tray.tsx')).ShareTray,
);

/** The question whether a stranger may write. */
export const RequestBanner = later(
	'row',
	async () => (await import('./request-banner.tsx')).RequestBanner,
);
