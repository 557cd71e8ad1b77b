import { boxesIn } from '../../src/core/formats/movies/movie-box.ts';

/** A frame of silence in one channel: 1,024 samples in four bytes. */
const FRAME = [0x01, 0x18, 0x20, 0x07];
const PARENTS = ['moov', 'trak', 'mdia', 'minf', 'stbl'];

/** An M4A of ffmpeg's in whose place stand so many samples of so many frames of silence each: the index tells of the samples only. */
export function crowdedAac(m4a: Uint8Array, samples: number, frames: number): Buffer {
	const tables = (offset: number): Record<string, readonly number[]> => ({
		stts: [0, 1, samples, 1024],
		stsz: [0, frames * FRAME.length, samples],
		stsc: [0, 1, 1, samples, 1],
		stco: [0, 1, offset],
	});
	const rebuilt = (start: number, end: number, offset: number): Buffer => {
		const boxes = [...boxesIn(m4a, start, end)].filter(
			({ type }) => !['edts', 'udta', 'sgpd', 'sbgp', 'mdat', 'free'].includes(type),
		);
		return Buffer.concat(
			boxes.map(({ type, body, end: last }) => {
				const table = tables(offset)[type];
				if (table !== undefined) return box(type, Buffer.concat(table.map(u32)));
				if (PARENTS.includes(type)) return box(type, rebuilt(body, last, offset));
				return box(type, Buffer.from(m4a.subarray(body, last)));
			}),
		);
	};
	const offset = rebuilt(0, m4a.length, 0).length + 8;
	const media = Buffer.from(
		Array(samples * frames)
			.fill(FRAME)
			.flat(),
	);
	return Buffer.concat([rebuilt(0, m4a.length, offset), box('mdat', media)]);
}

function box(type: string, content: Buffer): Buffer {
	return Buffer.concat([u32(content.length + 8), Buffer.from(type, 'latin1'), content]);
}

function u32(value: number): Buffer {
	const bytes = Buffer.alloc(4);
	bytes.writeUInt32BE(value);
	return bytes;
}
