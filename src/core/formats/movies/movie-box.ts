// ISO/IEC 14496-12 section 4.2, QuickTime File Format "Atoms"

import type { Bytes } from '../../bytes.ts';
import { refuse } from '../file-refused.ts';

/** A box in bytes: where it begins, where its content does, and where it ends. */
export interface Box {
	readonly type: string;
	readonly start: number;
	readonly body: number;
	readonly end: number;
}

export function uint(bytes: Uint8Array, at: number, length: number): number {
	if (at < 0 || at + length > bytes.length) refuse();
	let value = 0;
	for (let i = at; i < at + length; i++) value = value * 256 + (bytes[i] ?? 0);
	return value;
}

export function uint32(bytes: Uint8Array, at: number): number {
	return uint(bytes, at, 4);
}

/** Above 2^53 it is not exact: no file is so long. */
export function uint64(bytes: Uint8Array, at: number): number {
	return uint(bytes, at, 8);
}

export function putUint(bytes: Uint8Array, at: number, length: number, value: number): void {
	for (let i = at + length - 1; i >= at; i--) {
		bytes[i] = value % 256;
		value = Math.floor(value / 256);
	}
}

/** The fields of a header; `size` counts the header itself and is 0 for a box that lasts to the end of the file. */
export function readHeader(bytes: Uint8Array, at: number) {
	const short = uint32(bytes, at);
	const head = short === 1 ? 16 : 8;
	const size = short === 1 ? uint64(bytes, at + 8) : short;
	return { type: nameAt(bytes, at + 4), head, size };
}

export function makeHeader(type: string, content: number): Bytes {
	const isLong = content + 8 >= 2 ** 32;
	const header = new Uint8Array(isLong ? 16 : 8);
	putUint(header, 0, 4, isLong ? 1 : content + 8);
	for (let i = 0; i < 4; i++) header[4 + i] = type.charCodeAt(i);
	if (isLong) putUint(header, 8, 8, content + 16);
	return header;
}

export function nameAt(bytes: Uint8Array, at: number): string {
	return String.fromCharCode(...bytes.subarray(at, at + 4));
}

/**
 * The boxes from `start` on; what is behind the last is nothing's: up to 7 bytes, or zeros (QuickTime ends some lists so).
 * Throws `FileRefused` where a box does not fit.
 */
export function* boxesIn(bytes: Uint8Array, start: number, end: number): Generator<Box> {
	for (let at = start; at + 8 <= end; ) {
		const { type, head, size } = readHeader(bytes, at);
		if (size === 0 && uint32(bytes, at + 4) === 0) return;
		if (size < head || at + size > end) refuse();
		yield { type, start: at, body: at + head, end: at + size };
		at += size;
	}
}

export function* boxesOf(bytes: Uint8Array, parent: Box, type: string): Generator<Box> {
	for (const box of boxesIn(bytes, parent.body, parent.end)) if (box.type === type) yield box;
}

export function boxIn(bytes: Uint8Array, parent: Box, type: string): Box | undefined {
	return boxesOf(bytes, parent, type).next().value ?? undefined;
}

/** The first boxes of these types, each in the one before; throws `FileRefused` where there is none. */
export function findBox(bytes: Uint8Array, box: Box, ...path: readonly string[]): Box {
	return path.reduce((parent, type) => boxIn(bytes, parent, type) ?? refuse(), box);
}

/** Makes it a `free` box of zeros, as long as it was. */
export function blankBox(bytes: Bytes, box: Box): void {
	bytes.set(makeHeader('free', 0).subarray(4), box.start + 4);
	bytes.fill(0, box.body, box.end);
}
