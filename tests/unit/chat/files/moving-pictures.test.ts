import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { prepareFile } from '../../../../src/chat/files/prepare-file.ts';

/** What the browser would draw of it: its first frame, in few bytes. */
vi.mock('../../../../src/chat/files/redraw-picture.ts', () => ({
	redrawPicture: async () => new Blob(['still'], { type: 'image/jpeg' }),
}));

let folder = '';
beforeAll(() => {
	folder = mkdtempSync(path.join(tmpdir(), 'balcony-moving-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function made(name: string, ...options: string[]): Buffer {
	const file = path.join(folder, name);
	const source = ['-f', 'lavfi', '-i', 'testsrc2=s=60x40:r=5:d=1'];
	execFileSync('ffmpeg', ['-v', 'error', '-y', ...source, ...options, file]);
	return readFileSync(file);
}

/** A profile comes before all else in a WebP, and is longer than a glance at its beginning. */
function withProfile(webp: Buffer): Buffer {
	const profile = Buffer.alloc(400, 'profile');
	const head = Buffer.from('ICCP\0\0\0\0');
	head.writeUInt32LE(profile.length, 4);
	const whole = Buffer.concat([webp.subarray(0, 30), head, profile, webp.subarray(30)]);
	whole.writeUInt32LE(whole.length - 8, 4);
	whole[20] = (whole[20] ?? 0) | 0x20;
	return whole;
}

it.each(['original', 'good', 'small'] as const)(
	'what moves goes on moving (%s)',
	async (quality) => {
		const webp = made('a.webp', '-c:v', 'libwebp_anim', '-loop', '0');
		const moving = [
			made('a.gif'),
			made('a.png', '-f', 'apng', '-plays', '0'),
			...[webp, withProfile(webp)],
		];
		for (const bytes of moving) {
			const { blob } = await prepareFile(new File([Uint8Array.from(bytes)], 'a'), { quality });
			expect(Buffer.from(await blob.arrayBuffer()).equals(bytes)).toBe(true);
		}
		// Nothing can be taken out of it, and drawn anew it would stand still.
		const avif = Buffer.from('\0\0\0\x1cftypavis\0\0\0\0avifavismsf1', 'latin1');
		const asked = prepareFile(new File([avif], 'a.avif'), { quality });
		await expect(asked).rejects.toMatchObject({ code: 'not-clean' });
		const still = made('still.webp', '-frames:v', '1', '-c:v', 'libwebp');
		const { blob } = await prepareFile(new File([Uint8Array.from(still)], 'a.webp'), { quality });
		expect(blob.type).toBe(quality === 'original' ? 'image/webp' : 'image/jpeg');
	},
);
