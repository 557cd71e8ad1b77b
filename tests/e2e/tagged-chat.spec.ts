import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { tablePlace } from '../../src/core/formats/tables/table-place.ts';
import { waitFor } from './browser/browser.ts';
import { acquaint, expect, test } from './chat-fixtures.ts';
import { bytesOf, choose, figures, hashOf, sendTray, sha256 } from './sharing-page.ts';

/** A video above a megabyte: smaller ones are verified whole. */
function video(): Buffer {
	const folder = mkdtempSync(path.join(tmpdir(), 'balcony-video-'));
	const file = path.join(folder, 'evening.mp4');
	const noise = 'testsrc2=s=320x180:r=25:d=6,noise=alls=60:allf=t';
	const h264 = '-c:v libx264 -preset ultrafast -pix_fmt yuv420p -b:v 4M'.split(' ');
	try {
		execFileSync('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', noise, ...h264, file]);
		return readFileSync(file);
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

test('a video that is sent says what each of its segments must be', async ({ alice, bob }) => {
	await acquaint(alice, bob);
	await bob.openConversation(alice.jid);
	await choose(alice, { name: 'evening.mp4', bytes: video() });
	await sendTray(alice, 'look');
	await bob.message('look');
	await waitFor(bob.tab, async () => {
		const shown = document.querySelector<HTMLVideoElement>('.messages video');
		if (shown === null) return false;
		shown.muted = true;
		if (shown.paused) await shown.play().catch(() => undefined);
		return shown.currentTime > 0.5;
	}, []);
	const [ours, theirs] = [await figures(alice, 1), await figures(bob, 1)];
	const bytes = await bytesOf(bob, theirs[0]?.id ?? '');
	expect(sha256(bytes)).toBe(await hashOf(alice, ours[0]?.id ?? ''));
	const { offset, length } = tablePlace(bytes.subarray(0, 8192)) ?? { offset: 0, length: 0 };
	expect(bytes.subarray(offset, offset + 8).toString()).toBe('SEGTAGS1');
	expect(length).toBeGreaterThan(64 + 16 * 30);
});
