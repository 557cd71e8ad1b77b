// Microsoft and IBM, "Multimedia Programming Interface and Data Specifications 1.0", 1991; RFC 2361

import { type Bytes, concatBytes } from '../../bytes.ts';
import type { FilePart, ReadableFile } from '../file-part.ts';
import { refuse, unlessRefused } from '../file-refused.ts';
import { readAhead } from '../read-ahead.ts';
import { behindChunk, CHUNK_HEADER, RIFF_HEADER, readChunk } from './wav-chunks.ts';

const MAX_CHUNKS = 1000;
const PCM = 1;
/** What PCM needs, what others need beside their extension, and the longest extension that is known. */
const PCM_FORMAT = 16;
const FORMAT = 18;
const MAX_FORMAT = 64;
const FACT = 4;

/** Plans a WAV of its format and its sound alone; undefined for what is none. */
export async function planCleanWav(
	file: ReadableFile,
	start: number,
	end: number,
): Promise<readonly FilePart[] | undefined> {
	return unlessRefused(async () => {
		const read = readAhead(file);
		const kept: Bytes[] = [];
		let format: Bytes | undefined;
		let at = start + RIFF_HEADER;
		for (let i = 0; i < MAX_CHUNKS && at + CHUNK_HEADER <= end; i++) {
			const header = await read(at, at + CHUNK_HEADER);
			const chunk = readChunk(header, at, end);
			if (chunk.type === 'fmt ') {
				if (format !== undefined || chunk.end - chunk.start > MAX_FORMAT) refuse();
				format = formatOf(await read(chunk.start, chunk.end));
				kept.push(chunkOf('fmt ', format));
			}
			// A second one counts for nothing.
			const hasFact = kept.length > (format === undefined ? 0 : 1);
			if (chunk.type === 'fact' && chunk.end - chunk.start >= FACT && !hasFact)
				kept.push(chunkOf('fact', await read(chunk.start, chunk.start + FACT)));
			if (chunk.type === 'data') {
				if (format === undefined) refuse();
				const isOpen = [0, 0xffffffff].includes(lengthIn(header));
				// A recorder that was stopped wrote no length; another chunk behind is no sound.
				if (isOpen && isName(await read(chunk.start, Math.min(end, chunk.start + 4)))) refuse();
				return planOf(kept, chunk.start, isOpen ? end : chunk.end);
			}
			at = behindChunk(chunk);
		}
		return refuse();
	});
}

function planOf(kept: readonly Bytes[], start: number, end: number): readonly FilePart[] {
	const length = end - start;
	const before = concatBytes(...kept);
	if (length === 0) refuse();
	const whole = 4 + before.length + CHUNK_HEADER + length + (length % 2);
	const head = concatBytes(
		headerOf('RIFF', whole),
		letters('WAVE'),
		before,
		headerOf('data', length),
	);
	const padding = length % 2 === 1 ? [new Uint8Array(1)] : [];
	return [head, { start, end }, ...padding];
}

/** Without what may hang behind it. */
function formatOf(content: Bytes): Bytes {
	const view = new DataView(content.buffer, content.byteOffset, content.length);
	if (content.length < PCM_FORMAT) refuse();
	if (view.getUint16(0, true) === PCM || content.length < FORMAT)
		return content.slice(0, PCM_FORMAT);
	return content.slice(0, Math.min(content.length, FORMAT + view.getUint16(PCM_FORMAT, true)));
}

function chunkOf(type: string, content: Bytes): Bytes {
	return concatBytes(headerOf(type, content.length), content, new Uint8Array(content.length % 2));
}

function headerOf(type: string, length: number): Bytes {
	if (length >= 2 ** 32) refuse();
	const header = concatBytes(letters(type), new Uint8Array(4));
	new DataView(header.buffer).setUint32(4, length, true);
	return header;
}

function isName(bytes: Bytes): boolean {
	return bytes.every((byte) => byte >= 0x20 && byte < 0x7f);
}

function lengthIn(header: Bytes): number {
	return new DataView(header.buffer, header.byteOffset).getUint32(4, true);
}

function letters(text: string): Bytes {
	return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}
