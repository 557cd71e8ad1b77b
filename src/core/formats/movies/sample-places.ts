import { type Box, boxIn, uint, uint32 } from './movie-box.ts';

/** Where the samples of a track lie, and how long they are (ISO/IEC 14496-12 sections 8.7.3 to 8.7.5); none without tables. */
export function* samplesOf(
	bytes: Uint8Array,
	trak: Box,
): Generator<readonly [start: number, size: number]> {
	const inside = (box: Box | undefined, type: string) => box && boxIn(bytes, box, type);
	const table = ['mdia', 'minf', 'stbl'].reduce(inside, trak);
	const sizes = inside(table, 'stsz')?.body;
	const runs = inside(table, 'stsc')?.body;
	const places = inside(table, 'stco') ?? inside(table, 'co64');
	if (sizes === undefined || runs === undefined || places === undefined) return;
	const width = places.type === 'stco' ? 4 : 8;
	const uniform = uint32(bytes, sizes + 4);
	const count = uint32(bytes, sizes + 8);
	const runCount = uint32(bytes, runs + 4);
	const chunkCount = uint32(bytes, places.body + 4);
	let run = -1;
	let sample = 0;
	for (let chunk = 0; chunk < chunkCount && sample < count; chunk++) {
		while (run + 1 < runCount && uint32(bytes, runs + 8 + 12 * (run + 1)) === chunk + 1) run += 1;
		let at = uint(bytes, places.body + 8 + width * chunk, width);
		const inChunk = uint32(bytes, runs + 8 + 12 * run + 4);
		for (let left = Math.min(inChunk, count - sample); left > 0; left--, sample++) {
			const size = uniform || uint32(bytes, sizes + 12 + 4 * sample);
			yield [at, size];
			at += size;
		}
	}
}
