import { aesgcmUri } from '../../tools/encrypt-file.ts';
import { startStaticServer } from '../../tools/static-server.ts';
import { startUploadHost, type UploadHost } from '../../tools/upload-host.ts';
import { BalconyPage } from '../e2e/balcony-page.ts';
import { waitFor } from '../e2e/browser/browser.ts';
import { openEngine } from '../e2e/fixtures.ts';
import { type Row, rowOf } from './rows.ts';
import { benchVideo } from './video.ts';

const ROUNDS = 3;
/** Milliseconds that a minute of video may take to play. */
const PLAY_TIME = 120_000;

/** Bytes that leave the host while a video of 90 MB plays from start to end, and again after a reload. */
export async function networkRows(engine: string): Promise<Row[]> {
	const { sealed, encrypted } = await benchVideo('front');
	const size = encrypted.bytes.length;
	const host = await startUploadHost();
	const app = await startStaticServer({ root: 'dist-local', loopback: true });
	host.shape({ bitsPerSecond: 40e6, delayMs: 40 });
	const session = await openEngine(engine, { isWhole: true });
	const balcony = new BalconyPage(await session.newTab(), session, app.origin);
	const overheads: number[] = [];
	const replays: number[] = [];
	for (let round = 0; round < ROUNDS; round++) {
		host.clearLog();
		const url = host.put(`/upload/${round}/video.mp4`, { file: sealed, size });
		await balcony.open();
		const id = await balcony.openLink(aesgcmUri(url, encrypted));
		await playThrough(balcony, id, 2);
		overheads.push(sent(host) / size);
		await balcony.reload();
		host.clearLog();
		await waitFor(
			balcony.tab,
			(wanted) => {
				const item = document.querySelector(`[data-media-id="${wanted}"]`);
				item?.querySelector<HTMLElement>('[data-testid=load]')?.click();
				return item?.querySelector('video') !== null && item !== null;
			},
			[id],
		);
		await playThrough(balcony, id, 4);
		replays.push(sent(host));
		await balcony.press(id, 'remove');
	}
	await session.close();
	await Promise.all([host.close(), app.close()]);
	return [
		rowOf('network_overhead', engine, 'ratio', '<=1.05', overheads),
		rowOf('replay_network_bytes', engine, 'bytes', '<=0', replays),
	];
}

const sent = (host: UploadHost) => host.requests.reduce((sum, request) => sum + request.sent, 0);

async function playThrough(balcony: BalconyPage, id: string, rate: number): Promise<void> {
	await balcony.play(id, 0.1);
	await balcony.tab.evaluate(
		(wanted, speed) => {
			const video = document.querySelector<HTMLVideoElement>(`[data-media-id="${wanted}"] video`);
			if (video) video.playbackRate = speed;
		},
		id,
		rate,
	);
	await waitFor(
		balcony.tab,
		(wanted) =>
			document.querySelector<HTMLVideoElement>(`[data-media-id="${wanted}"] video`)?.ended === true,
		[id],
		PLAY_TIME,
	);
}
