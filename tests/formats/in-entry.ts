import { boxes } from '../unit/core/movie-support.ts';
import { bytesOf } from '../unit/core/support.ts';

const PATH = ['moov', 'trak', 'mdia', 'minf', 'stbl', 'stsd'];

/** Puts boxes behind those of the first sample entry of the first track; the index must lie at the end, where nothing moves. */
export function withInEntry(movie: Buffer, more: readonly Uint8Array[]): Uint8Array {
	const added = bytesOf(...more);
	const grown = Buffer.from(movie);
	let start = 0;
	let content: Buffer = movie;
	const grow = (at: number) => grown.writeUInt32BE(grown.readUInt32BE(at) + added.length, at);
	for (const name of PATH) {
		const found = boxes(content).find(({ type }) => type === name);
		if (found === undefined) throw new Error(`no ${name}`);
		grow(start + found.at);
		// version, flags and count stand before the entries
		const head = name === 'stsd' ? 16 : 8;
		start += found.at + head;
		content = found.content.subarray(head - 8);
	}
	grow(start);
	const end = start + movie.readUInt32BE(start);
	return bytesOf(grown.subarray(0, end), added, grown.subarray(end));
}
