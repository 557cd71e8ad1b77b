import type { Bytes } from '../core/bytes.ts';

/** Ciphertext of whole files of ours, each of which lies on the disk as a file of the browser's own, not in memory. */
export interface CiphertextFiles {
	/**
	 * Begins the file of an item, of `size` bytes; undefined where the browser keeps none. Throws MediaError `storage-full`
	 * if there is no room for it.
	 */
	begin(id: string, size: number): Promise<CiphertextWriter | undefined>;
	/** All of it, to be read piece by piece. */
	open(id: string): Promise<Blob | undefined>;
	remove(id: string): Promise<void>;
	/** The items that have a file here. */
	items(): Promise<string[]>;
	/** Bytes in all. */
	bytes(): Promise<number>;
	clear(): Promise<void>;
}

/** One file as it is written. */
export interface CiphertextWriter {
	/**
	 * Takes bytes that lie at `at`, where a segment begins: whole segments, or the last ones; about a MiB at once, in any order,
	 * one call after the other; they may change once it has resolved. Throws MediaError; after `storage-full` the same bytes can be
	 * tried again once there is room.
	 */
	write(at: number, bytes: Bytes): Promise<void>;
	/** It is whole. */
	close(): Promise<void>;
	/** Gives it up; nothing of it stays. */
	abort(): Promise<void>;
}

/** No files at all: everything lies in segments. */
export const NO_FILES: CiphertextFiles = {
	begin: async () => undefined,
	open: async () => undefined,
	remove: async () => undefined,
	items: async () => [],
	bytes: async () => 0,
	clear: async () => undefined,
};
