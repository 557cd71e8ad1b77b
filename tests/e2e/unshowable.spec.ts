import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { waitFor } from './browser/browser.ts';
import { expect, test } from './fixtures.ts';

test("a phone's HEIC picture is named, and saved", async ({ balcony, host }) => {
	const bytes = Buffer.alloc(3000, 7);
	Buffer.from('000000186674797068656963000000006d69663168656963', 'hex').copy(bytes);
	const photo = await host.share('IMG_0042.HEIC', bytes);
	const id = await balcony.openLink(photo.uri);
	await balcony.waitText(id, 'HEIC');
	await balcony.waitText(id, 'Save it');
	const saved = await balcony.session.saved(() => balcony.press(id, 'save'));
	expect(saved.name).toBe('IMG_0042.HEIC');
	expect(saved.bytes.equals(bytes)).toBe(true);
});

test('a video of a codec that this browser lacks is said to be one, and saved', async ({
	balcony,
	host,
}) => {
	const folder = mkdtempSync(path.join(tmpdir(), 'balcony-hevc-'));
	const file = path.join(folder, 'video.mp4');
	execFileSync('ffmpeg', [
		...['-v', 'error', '-f', 'lavfi', '-i', 'testsrc2=s=320x240:r=10:d=2', '-c:v', 'libx265'],
		...['-x265-params', 'log-level=error', '-tag:v', 'hvc1', '-movflags', '+faststart', file],
	]);
	const bytes = readFileSync(file);
	rmSync(folder, { recursive: true });
	const video = await host.share('clip.mp4', bytes);
	const id = await balcony.openLink(video.uri);
	await balcony.waitState(id, 'verified');
	// Some engines play it after all.
	await waitFor(
		balcony.tab,
		(wanted) => {
			const item = document.querySelector<HTMLElement>(`[data-media-id="${wanted}"]`);
			const width = item?.querySelector('video')?.videoWidth ?? 0;
			return width > 0 || item?.innerText.includes("can't play this video") === true;
		},
		[id],
	);
	const saved = await balcony.session.saved(() => balcony.press(id, 'save'));
	expect(saved.bytes.equals(bytes)).toBe(true);
});
