import { loadOnce } from '../../core/async/load-once.ts';
import {
	MessageTools,
	RequestBanner,
	ShareTray,
	VoiceRecorder,
} from '../conversation/later-parts.ts';
import { RequestList } from '../conversation-list/conversation-list.tsx';
import { SharingLine } from '../message-file/later-parts.ts';
import { later } from '../parts/later.tsx';
import { prefetch } from '../parts/prefetch.ts';
import { loadPrepareFile } from '../share/load-prepare-file.ts';
import { LaterConversationViewer } from '../viewer/later-viewer.ts';

const loadDialogs = loadOnce(() => import('./dialogs.tsx'));
export const Dialogs = later('over', async () => (await loadDialogs()).Dialogs);

export const HandedOver = later('over', async () => (await loadDialogs()).HandedOver);

/** Loads what is not seen first, in the order in which it is likely to be wanted. Returns the function that stops it. */
export function prefetchParts(): () => void {
	return prefetch([
		MessageTools.preload,
		LaterConversationViewer.preload,
		VoiceRecorder.preload,
		ShareTray.preload,
		SharingLine.preload,
		loadPrepareFile,
		Dialogs.preload,
		RequestList.preload,
		RequestBanner.preload,
	]);
}
