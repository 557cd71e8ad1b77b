import { produce } from 'solid-js/store';
import { loadOnce } from '../../core/async/load-once.ts';
import type { PutCiphertext } from '../../media/put-ciphertext.ts';
import type { Omemo } from '../../omemo/omemo.ts';
import type { Connection } from '../../xmpp/connection.ts';
import { THUMBNAIL_FEATURE } from '../../xmpp/extensions/media-sharing.ts';
import type { ConversationMedia } from '../files/conversation-media.ts';
import type { Forwarding } from '../files/forwarding.ts';
import { createLaterSharing } from '../files/later-sharing.ts';
import { createMessageFiles, type ShownFiles } from '../files/message-files.ts';
import type { MessageMedia } from '../files/opened-media.ts';
import { createThumbnailReaders } from '../files/thumbnail-readers.ts';
import { createUploadStore } from '../files/upload-store.ts';
import type { Conversations } from '../messages/conversations.ts';
import { nameGivenBy } from '../model/file-naming.ts';
import type { PeopleStore } from '../people/people-store.ts';
import type { AccountContext } from './account-context.ts';
import type { AccountStore } from './account-store.ts';
import type { MessagesPart } from './messages-part.ts';
import type { FilesArea } from './messenger-areas.ts';

const loadFileTools = loadOnce(() => import('../files/file-tools.ts'));
/** The code for files that another app hands over. */
const loadStaged = loadOnce(() => import('../../media/staged-share.ts'));

/** Files that are sent, and those that messages are. */
export interface FilesPart {
	readonly area: FilesArea;
	/** Asks where files go; the last answer serves until there is a new one. Resolves with whether they go anywhere. */
	findUpload(): Promise<boolean>;
	/** A device has written from this full address: asks its client whether it shows thumbnails. */
	deviceWrote(jid: string, full: string, device: number): void;
	/** Goes on with what waits, also after a restart. */
	load(): Promise<void>;
	flush(): void;
	/** Gives up what is under way; resolves once nothing is written any more. */
	close(): Promise<void>;
}

export function makeFilesPart(
	{ account, vault, rows, stores, serial, state, setState, report }: AccountContext,
	{
		connection,
		store,
		people,
		media,
		omemo,
		conversations,
		messages,
		shown,
		mayAct,
		put,
	}: {
		connection: Pick<Connection, 'discovery' | 'upload'>;
		store: AccountStore;
		people: PeopleStore;
		media: MessageMedia;
		omemo: Omemo;
		conversations: Conversations;
		messages: MessagesPart;
		/** where files are shown */
		shown: ShownFiles;
		/** there is a session, and nothing older is to go first */
		mayAct(): boolean;
		/** how files are sent, where there is no page */
		put?: PutCiphertext | undefined;
	},
): FilesPart {
	const { outbox } = messages;
	const readers = createThumbnailReaders({
		people,
		omemo,
		supports: (full) => connection.discovery.supports(full, THUMBNAIL_FEATURE),
		settings: () => state.settings,
	});
	const { load, flush, close, localFile, ...sharing } = createLaterSharing({
		account,
		stores,
		uploadStore: createUploadStore(rows, account),
		media,
		vault,
		connection,
		outbox,
		conversations,
		serial,
		upload: () => state.upload,
		isReady: () => mayAct() && (state.upload !== undefined || state.missing.includes('upload')),
		progress: (key, progress) =>
			setState(
				'shares',
				produce((all) => {
					if (progress === undefined) delete all[key];
					else all[key] = progress;
				}),
			),
		showThumbnail: readers.all,
		report,
		...(put === undefined ? {} : { put }),
	});
	const loadTools = loadOnce(async (): Promise<ConversationMedia & Forwarding> => {
		const { createConversationMedia, createForwarding } = await loadFileTools();
		const forwarding = createForwarding({
			account,
			stores,
			media,
			outbox,
			conversations,
			serial,
			showThumbnail: readers.all,
			send: messages.area.send,
		});
		return { ...forwarding, ...createConversationMedia(stores) };
	});
	const { current } = messages.area;

	return {
		area: {
			...sharing,
			...createMessageFiles({ state, media, shown, localFile, current }),
			idOf: media.idOf,
			async nameOf(message) {
				const [next] = await stores.messages.page(message.peer, { after: message.key, limit: 1 });
				return nameGivenBy(message, next);
			},
			forward: async (message, peer) => (await loadTools()).forward(message, peer),
			page: async (peer, group, options) => (await loadTools()).page(peer, group, options),
			staged: async () => (await loadStaged()).readStaged(vault, account),
			claimStaged: async () => (await loadStaged()).claimStaged(vault, account),
			dropStaged: async () => (await loadStaged()).dropStaged(vault, account),
		},
		async findUpload() {
			const upload = await connection.upload.findService();
			setState('upload', upload);
			await stores.write([await store.putUploadService(upload)]);
			flush();
			return upload !== undefined;
		},
		deviceWrote: (jid, full, device) => void readers.deviceWrote(jid, full, device).catch(report),
		async load() {
			setState('upload', await store.uploadService());
			await load();
		},
		flush,
		close,
	};
}
