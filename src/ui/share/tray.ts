import { createStore, produce } from 'solid-js/store';
import type { CleanFile } from '../../chat/files/prepare-file.ts';
import type { PreparedFile } from '../../chat/files/sharing.ts';
import type { PhotoQuality } from '../../chat/model/account-settings.ts';
import { isDocument, saidName } from '../../chat/model/file-naming.ts';
import { ShareError, type ShareErrorCode, type ShareErrorDetail } from '../../core/share-error.ts';
import { cleanFileName } from '../../core/text/file-name.ts';
import { loadPrepareFile } from './load-prepare-file.ts';

/** Files of one message at most: what a picker or a drop of a whole folder may bring. */
const MAX_FILES = 50;

/** One chosen file, before it is sent. */
export interface TrayItem {
	readonly id: number;
	readonly file: File;
	readonly name: string;
	/** blob URL of the file, to look at */
	readonly preview: string;
	/** once it is ready */
	readonly clean?: CleanFile;
	/** why it cannot be sent, or not so */
	readonly problem?: { readonly code: ShareErrorCode; readonly detail: ShareErrorDetail };
	/** what it will be is not known yet, or not for the size that was chosen last */
	readonly isPreparing?: true;
	/** of a document: the name that is said behind it, as it was typed; nothing, and nobody learns it */
	readonly said?: string;
	/** the user says that it may tell where it was made */
	readonly asItIs?: boolean;
}

/** The files that are about to be sent in one conversation; they are cleaned as they come. */
export interface Tray {
	readonly items: readonly TrayItem[];
	/** all of them can be sent as they are */
	isReady(): boolean;
	add(files: Iterable<File>): void;
	remove(id: number): void;
	/** The name that is said behind a document. */
	say(id: number, name: string): void;
	/** Moves a file by so many places. */
	move(id: number, by: number): void;
	/** Sends a file that would tell where it was made all the same. */
	allow(id: number): void;
	/** Cleans all of them anew. */
	setQuality(quality: PhotoQuality): void;
	/** The files, in their order; the tray is empty then. One of both is to be called: they are sent, or go back. */
	take(): { readonly files: PreparedFile[]; done(): void; giveBack(): void };
}

/** It can be sent as it is. */
export function isReady({ clean, problem, isPreparing }: TrayItem): boolean {
	return clean !== undefined && problem === undefined && isPreparing === undefined;
}

let ids = 0;

export function makeTray({
	quality,
	limit,
}: {
	quality: () => PhotoQuality;
	/** bytes of the largest file that the server takes; undefined if it names none */
	limit: () => number | undefined;
}): Tray {
	const [items, setItems] = createStore<TrayItem[]>([]);
	/** what was chosen meanwhile makes an older answer void */
	const rounds = new Map<number, number>();

	async function prepare({ id, file, asItIs = false }: TrayItem, chosen: PhotoQuality) {
		const round = (rounds.get(id) ?? 0) + 1;
		rounds.set(id, round);
		const set = (change: Pick<TrayItem, 'clean' | 'problem'>) => {
			if (rounds.get(id) !== round) return;
			setItems(
				(item) => item.id === id,
				produce((item: { -readonly [K in keyof TrayItem]: TrayItem[K] }) => {
					delete item.problem;
					delete item.isPreparing;
					Object.assign(item, change);
					const { clean } = item;
					if (clean?.kind === 'file' && isDocument(clean.name)) item.said ??= clean.name;
				}),
			);
		};
		setItems(
			(item) => item.id === id,
			produce((item: { -readonly [K in keyof TrayItem]: TrayItem[K] }) => {
				item.isPreparing = true;
			}),
		);
		try {
			const { prepareFile } = await loadPrepareFile();
			set({ clean: await prepareFile(file, { quality: chosen, asItIs, limit: limit() }) });
		} catch (thrown) {
			const error =
				thrown instanceof ShareError
					? thrown
					: new ShareError('file-unreadable', { cause: thrown });
			set({ problem: { code: error.code, detail: error.detail } });
		}
	}

	const find = (id: number) => items.findIndex((item) => item.id === id);
	const drop = (item: TrayItem) => {
		rounds.delete(item.id);
		URL.revokeObjectURL(item.preview);
	};
	return {
		items,
		isReady: () => items.length > 0 && items.every(isReady),
		add(files) {
			for (const file of [...files].slice(0, Math.max(0, MAX_FILES - items.length))) {
				ids += 1;
				const preview = URL.createObjectURL(file);
				const item: TrayItem = { id: ids, file, name: cleanFileName(file.name), preview };
				setItems(items.length, item);
				void prepare(item, quality());
			}
		},
		remove(id) {
			const item = items[find(id)];
			if (item === undefined) return;
			drop(item);
			setItems((all) => all.filter((other) => other.id !== id));
		},
		say(id, name) {
			setItems(
				(item) => item.id === id,
				produce((item: { -readonly [K in keyof TrayItem]: TrayItem[K] }) => {
					item.said = name;
				}),
			);
		},
		move(id, by) {
			const from = find(id);
			const to = from + by;
			if (from < 0 || to < 0 || to >= items.length) return;
			setItems((all) => {
				const others = all.filter((item) => item.id !== id);
				return [...others.slice(0, to), ...all.slice(from, from + 1), ...others.slice(to)];
			});
		},
		allow(id) {
			const item = items[find(id)];
			if (item === undefined) return;
			setItems(
				(other) => other.id === id,
				produce((other: { -readonly [K in keyof TrayItem]: TrayItem[K] }) => {
					other.asItIs = true;
				}),
			);
			void prepare({ ...item, asItIs: true }, quality());
		},
		setQuality(chosen) {
			for (const item of items) if (item.clean?.kind !== 'file') void prepare(item, chosen);
		},
		take() {
			const taken = [...items];
			setItems([]);
			return {
				files: taken.flatMap(({ clean, said }) => {
					if (clean === undefined) return [];
					return [said === undefined ? clean : { ...clean, said: saidName(said, clean.name) }];
				}),
				done: () => taken.forEach(drop),
				giveBack: () => setItems((all) => [...taken, ...all]),
			};
		},
	};
}
