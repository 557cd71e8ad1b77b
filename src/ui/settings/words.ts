import { formatSize } from '../parts/format.ts';
import { WORDS as COMMON } from '../parts/words.ts';

/** Bytes, and their label. */
export const LOAD_LIMITS: readonly (readonly [number, string])[] = [
	[0, COMMON.never],
	[1_000_000, 'Up to 1 MB'],
	[10_000_000, 'Up to 10 MB'],
	[100_000_000, 'Up to 100 MB'],
	[Number.MAX_SAFE_INTEGER, COMMON.always],
];

export const LOAD_KINDS = [
	['image', COMMON.photos],
	['audio', COMMON.voiceMessages],
	['video', 'Videos'],
	['file', COMMON.files],
] as const;

export const WORDS = {
	title: COMMON.settings,
	cancel: COMMON.cancel,
	verifyFirst: 'Verify before playing',
	verifyFirstHint:
		"Sound and video start only after the whole file has been checked. Slower, but the server can't change anything unnoticed.",
	download: COMMON.autoDownload,
	downloadHint: `${COMMON.downloadHint} Downloading tells the server where and when you read.`,
	kinds: COMMON.download,
	metered: 'On metered connections',
	meteredHint: 'When the browser says that data may cost money.',
	storage: 'Storage',
	used: ({ used, quota }: { used: number; quota: number }) =>
		quota > 0 ? `${formatSize(used)} of ${formatSize(quota)} used.` : `${formatSize(used)} used.`,
	persisted: 'Kept until you remove it.',
	notPersisted:
		'The browser may delete it when space runs low. Safari also deletes it after seven days without a visit, unless Balcony is on the home screen.',
	persist: 'Keep my files',
	removeAll: 'Remove all files',
	askRemoveAll: 'Remove all files?',
	askRemoveAllText:
		'This removes your files and opened links, with their keys, from this device. Messages stay.',
	how: 'How it works',
	howText:
		'The server only stores encrypted data. Balcony downloads what it needs and decrypts it on this device; the key never leaves it. A file is verified once every byte of it has been checked.',
};
