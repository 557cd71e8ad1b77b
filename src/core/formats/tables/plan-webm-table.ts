// RFC 9559

import { type Bytes, concatBytes } from '../../bytes.ts';
import { ELEMENT_HEADER, longVoidHeader, readElement } from '../ebml.ts';
import type { FilePart, ReadableFile } from '../file-part.ts';
import { refuse } from '../file-refused.ts';
import { makePartList } from '../part-list.ts';
import { readAhead } from '../read-ahead.ts';
import { tableLength } from './table-size.ts';

const EBML = 0x1a45dfa3;
const SEGMENT = 0x18538067;
const CLUSTER = 0x1f43b675;
const SEEK_HEAD = 0x114d9b74;
const SEEK = 0x4dbb;
const SEEK_POSITION = 0x53ac;
const CUES = 0x1c53bb6b;
const CUE_POINT = 0xbb;
const CUE_TRACK_POSITIONS = 0xb7;
const CUE_CLUSTER_POSITION = 0xf1;
const CUE_CODEC_STATE = 0xea;
/** Of what stands around it, which changes (RFC 8794 section 11.3.1). */
const CRC_32 = 0xbf;
const MAX_INDEX = 2 ** 20;
const MAX_ELEMENTS = 2 ** 22;

/** Elements that hold others, as far as places are told in them; and the places, which count from the content of the Segment. */
const LISTS = [SEEK_HEAD, SEEK, CUES, CUE_POINT, CUE_TRACK_POSITIONS];
const PLACES = [SEEK_POSITION, CUE_CLUSTER_POSITION, CUE_CODEC_STATE];

/** A SeekHead or Cues, `end` exclusive, and what takes its place. */
interface Index {
	readonly start: number;
	readonly end: number;
	readonly bytes: Bytes;
	/** where in `bytes` places are told, of eight bytes each */
	readonly places: readonly number[];
}

/**
 * Puts an empty place for a table in front of all else in the Segment. Places in SeekHead and Cues move, and take eight bytes
 * from then on. Throws `FileRefused` where that cannot be done.
 */
export async function planWebmTable(file: ReadableFile): Promise<readonly FilePart[]> {
	const read = readAhead(file);
	const headOf = async (at: number) => {
		const head = await read(at, Math.min(file.size, at + ELEMENT_HEADER));
		return readElement(head, 0) ?? refuse();
	};
	const ebml = await headOf(0);
	const at = ebml.body + (ebml.size ?? refuse());
	const segment = await headOf(at);
	if (ebml.id !== EBML || segment.id !== SEGMENT) refuse();
	const content = at + segment.body;
	const end = segment.size === undefined ? file.size : content + segment.size;
	const indexes = await readIndexes(file, content, Math.min(end, file.size));

	const growth = ({ start, end: last, bytes }: Index) => bytes.length - (last - start);
	const grown = indexes.reduce((sum, index) => sum + growth(index), 0);
	const length = tableLength(file.size + grown);
	const header = longVoidHeader(length);
	const added = header.length + length;
	const newPlace = (place: number) =>
		indexes.reduce(
			(sum, index) => sum + (index.end <= content + place ? growth(index) : 0),
			place + added,
		);
	const parts = makePartList();
	parts.keep(0, at);
	const size = segment.size === undefined ? undefined : segment.size + added + grown;
	parts.add(segmentHeader(size));
	parts.add(header);
	parts.zeros(length);
	let from = content;
	for (const { start, end: last, bytes, places } of indexes) {
		for (const place of places) {
			const view = new DataView(bytes.buffer, bytes.byteOffset + place, 8);
			view.setBigUint64(0, BigInt(newPlace(Number(view.getBigUint64(0)))));
		}
		parts.keep(from, start);
		parts.add(bytes);
		from = last;
	}
	parts.keep(from, file.size);
	return parts.list;
}

async function readIndexes(file: ReadableFile, from: number, end: number): Promise<Index[]> {
	const read = readAhead(file);
	const indexes: Index[] = [];
	let at = from;
	for (let count = 0; at + 2 <= end; count++) {
		if (count === MAX_ELEMENTS) refuse();
		const head = await read(at, Math.min(end, at + ELEMENT_HEADER));
		const { id, body, size } = readElement(head, 0) ?? refuse();
		// A recorder does not know where a cluster ends: what is in it is walked through.
		if (size === undefined && id !== CLUSTER) refuse();
		const next = at + body + (size ?? 0);
		if (id === SEEK_HEAD || id === CUES) {
			if (next - at > MAX_INDEX || next > end) refuse();
			const places: number[] = [];
			const bytes = rewritten(await read(at, next), 0, places);
			indexes.push({ start: at, end: next, bytes, places });
		}
		at = next;
	}
	return indexes;
}

/** The element at `at` with eight bytes for each place, and where in the result they are. */
function rewritten(bytes: Bytes, at: number, places: number[]): Bytes {
	const { id, body, size = refuse() } = readElement(bytes, at) ?? refuse();
	const end = body + size;
	if (end > bytes.length) refuse();
	if (PLACES.includes(id)) {
		if (size > 8) refuse();
		let value = 0;
		for (let i = body; i < end; i++) value = value * 256 + (bytes[i] ?? 0);
		// Of a codec's state, 0 means that it is where the track is described.
		if (id === CUE_CODEC_STATE) return value === 0 ? new Uint8Array(0) : refuse();
		const content = new Uint8Array(8);
		new DataView(content.buffer).setBigUint64(0, BigInt(value));
		const header = elementHeader(bytes.subarray(at, idEnd(bytes, at)), 8);
		places.push(header.length);
		return concatBytes(header, content);
	}
	if (id === CRC_32) return new Uint8Array(0);
	if (!LISTS.includes(id)) return bytes.slice(at, end);
	const children: Bytes[] = [];
	const found: number[] = [];
	let length = 0;
	for (let child = body; child < end; ) {
		const inside: number[] = [];
		const made = rewritten(bytes.subarray(0, end), child, inside);
		for (const place of inside) found.push(length + place);
		children.push(made);
		length += made.length;
		const { body: from, size: long = refuse() } = readElement(bytes, child) ?? refuse();
		child = from + long;
	}
	const header = elementHeader(bytes.subarray(at, idEnd(bytes, at)), length);
	for (const place of found) places.push(header.length + place);
	return concatBytes(header, ...children);
}

function idEnd(bytes: Bytes, at: number): number {
	return at + Math.clz32(bytes[at] ?? 0) - 23;
}

/** A size of eight bytes (RFC 8794 section 6). */
function elementHeader(id: Uint8Array, size: number): Bytes {
	const field = new Uint8Array(8);
	new DataView(field.buffer).setBigUint64(0, BigInt(size));
	field[0] = 1;
	return concatBytes(id, field);
}

/** `size` undefined: not known. */
function segmentHeader(size: number | undefined): Bytes {
	const header = elementHeader(Uint8Array.of(0x18, 0x53, 0x80, 0x67), size ?? 0);
	return size === undefined ? header.fill(0xff, 5) : header;
}
