import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { prepareFile } from '../../../../src/chat/files/prepare-file.ts';

const ORIGINAL = { quality: 'original' } as const;
const sample = async (name: string, as = name) =>
	new File([await readFile(`samples/${name}`)], as, { type: 'text/html' });

/** A JPEG that tells where it was taken. */
async function located(): Promise<File> {
	const jpeg = await readFile('samples/balcony.jpg');
	const words = Buffer.from('GPS 52.52 N 13.40 E');
	const comment = Buffer.concat([Buffer.from([0xff, 0xfe, 0, words.length + 2]), words]);
	return new File([jpeg.subarray(0, 2), comment, jpeg.subarray(2)], 'IMG 1.JPEG');
}

const gif = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');
const commentedGif = Buffer.concat([
	gif.subarray(0, 19),
	Buffer.from('\x21\xfe\x13GPS 52.52 N 13.40 E\0', 'latin1'),
	gif.subarray(19),
]);

describe('a file that is to be sent', () => {
	it('loses where it was taken, also in its original quality', async () => {
		const file = await located();
		const { blob, name, kind } = await prepareFile(file, ORIGINAL);
		const text = Buffer.from(await blob.arrayBuffer()).toString('latin1');
		expect(text).not.toContain('GPS');
		expect([name, kind]).toEqual(['IMG 1.JPEG', 'image']);
		expect(blob.size).toBeLessThan(file.size);
	});

	it.each(['original', 'good', 'small'] as const)(
		'loses the comments of a GIF (%s)',
		async (quality) => {
			const { blob, name, kind } = await prepareFile(new File([commentedGif], 'a'), { quality });
			expect(Buffer.from(await blob.arrayBuffer())).toEqual(gif);
			expect([name, kind, blob.type]).toEqual(['a.gif', 'image', 'image/gif']);
		},
	);

	it('is no picture to draw where one of its frames is too large for that', async () => {
		const large = Buffer.from(gif);
		// Of the frame behind the graphic control extension: 12,000 by 12,000, on a screen of one pixel.
		const frame = large.indexOf(0x2c, 20);
		large.writeUInt16LE(12_000, frame + 5);
		large.writeUInt16LE(12_000, frame + 7);
		for (const asItIs of [false, true]) {
			const { name, kind } = await prepareFile(new File([large], 'a'), { ...ORIGINAL, asItIs });
			expect([name, kind]).toEqual(['a.gif', 'file']);
		}
	});

	it('keeps it where somebody wants that', async () => {
		const file = await located();
		const { blob } = await prepareFile(file, { ...ORIGINAL, asItIs: true });
		expect(blob).toBe(file);
	});

	it('is called what it is', async () => {
		const names = await Promise.all(
			[
				await sample('balcony.jpg', 'photo.png'),
				await sample('evening.mp4', 'film'),
				await sample('voice-message.m4a'),
				await sample('notes.txt', 'notes.TXT'),
				await sample('notes.txt', `${'n'.repeat(5000)}.txt`),
				await sample('balcony.jpg', '../../\u202egpj.exe'),
			].map(async (file) => (await prepareFile(file, ORIGINAL)).name),
		);
		expect(names[0]).toBe('photo.jpg');
		expect(names[1]).toBe('film.mp4');
		expect(names[2]).toBe('voice-message.m4a');
		expect(names[3]).toBe('notes.TXT');
		expect(names[4]?.length).toBeLessThanOrEqual(120);
		expect(names[4]).toMatch(/\.txt$/);
		expect(names[5]).toMatch(/^[^/\u202e]+\.jpg$/);
	});

	it('is refused where it is empty, or cannot lose what it tells', async () => {
		await expect(prepareFile(new File([], 'a.jpg'), ORIGINAL)).rejects.toMatchObject({
			code: 'file-empty',
		});
		const jpeg = await readFile('samples/balcony.jpg');
		const movie = await readFile('samples/evening.mp4');
		const heic = Buffer.concat([Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1'), jpeg]);
		for (const bytes of [
			jpeg.subarray(0, 30),
			movie.subarray(0, 5000),
			heic,
			gif.subarray(0, 20),
		]) {
			const file = new File([bytes], 'broken');
			const work = prepareFile(file, ORIGINAL);
			await expect(work).rejects.toMatchObject({ code: 'not-clean' });
			expect((await prepareFile(file, { ...ORIGINAL, asItIs: true })).blob).toBe(file);
		}
	});

	it('is asked about where it is said to be media that nobody knows here', async () => {
		const odd = (first: string, type: string) =>
			new File([Buffer.from(`${first}\0\x01 GEHEIM`, 'latin1')], 'a', { type });
		for (const file of [
			odd('MThd', 'audio/midi'),
			odd('\x1f\x07', 'video/x-dv'),
			odd('\0\0\x01', 'image/x-icon'),
			odd('\0\0\0\0', 'audio/mpeg'),
			odd('\x1f\x8b\x08', 'image/svg+xml'),
			odd('\xff\xfe<\0s\0v\0g\0>\0', ''),
			odd('\0\0\0\0RED2', ''),
			odd('MP+\x07', ''),
		]) {
			await expect(prepareFile(file, ORIGINAL)).rejects.toMatchObject({ code: 'not-clean' });
			expect((await prepareFile(file, { ...ORIGINAL, asItIs: true })).blob).toBe(file);
		}
		for (const file of [
			odd('#!AMR\n', 'audio/amr'),
			odd('\x7fELF', 'application/octet-stream'),
			new File(['import { svg } from "a";'], 'a.ts', { type: 'video/mp2t' }),
			new File(['<!-- svg --><!doctype html><svg></svg>'], 'a.html', { type: 'text/html' }),
		])
			expect((await prepareFile(file, ORIGINAL)).blob).toBe(file);
	});

	it('is refused at once where it is larger than the server takes', async () => {
		let read = 0;
		const huge = Object.assign(new File(['x'.repeat(5000)], 'a.mkv'), {
			slice: (start: number, end: number) => {
				read += end - start;
				return new Blob([new Uint8Array(end - start)]);
			},
		});
		Object.defineProperty(huge, 'size', { value: 4 * 2 ** 30 });
		await expect(prepareFile(huge, { ...ORIGINAL, limit: 1e8 })).rejects.toMatchObject({
			code: 'too-large',
			detail: { limit: 1e8 },
		});
		expect(read).toBe(4096);
		const note = new File([new Uint8Array(84)], 'a.bin');
		expect((await prepareFile(note, { ...ORIGINAL, limit: 100 })).blob).toBe(note);
		await expect(prepareFile(note, { ...ORIGINAL, limit: 99 })).rejects.toMatchObject({
			code: 'too-large',
		});
		// A picture may become small enough.
		const file = await located();
		const { blob } = await prepareFile(file, { ...ORIGINAL, limit: file.size });
		expect(blob.size).toBeLessThan(file.size - 16);
		for (const asItIs of [true, false])
			await expect(
				prepareFile(file, { ...ORIGINAL, asItIs, limit: blob.size }),
			).rejects.toMatchObject({ code: 'too-large' });
	});

	it('that changes or vanishes while it is read is refused', async () => {
		const gone = Object.assign(new File(['x'.repeat(100)], 'a.txt'), {
			slice: () => ({ arrayBuffer: () => Promise.reject(new DOMException('', 'NotFoundError')) }),
		});
		await expect(prepareFile(gone, ORIGINAL)).rejects.toMatchObject({ code: 'file-unreadable' });
	});
});
