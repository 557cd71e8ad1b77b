import { crc32, deflateSync } from 'node:zlib';
import { waitFor } from './browser/browser.ts';
import { expect, test } from './fixtures.ts';
import { longVideo, sample } from './samples.ts';

test('a flipped bit is never verified, shown or saved, and all of it is purged', async ({
	balcony,
	host,
}) => {
	const picture = await sample('balcony.jpg');
	for (const at of [0, 4096, picture.length - 1, picture.length + 3]) {
		const photo = await host.share('photo.jpg', picture, { corrupt: { at } });
		const id = await balcony.openLink(photo.uri);
		await balcony.waitState(id, 'tampered');
		expect(await balcony.pictureSize(id)).toBeNull();
		expect(await cachedSegments(balcony, id)).toBe(0);

		host.behave(photo.path, {});
		await balcony.press(id, 'retry');
		await balcony.waitState(id, 'verified');
	}
});

test('a video that is altered while it plays is stopped', async ({ balcony, host }) => {
	const bytes = await longVideo();
	const video = await host.share('evening.mp4', bytes, { corrupt: { at: bytes.length - 5 } });
	host.shape({ bitsPerSecond: 8e6, delayMs: 10 });
	try {
		const id = await balcony.openLink(video.uri);
		await balcony.play(id);
		expect((await balcony.state(id)).state).toBe('unverified');
		host.shape(undefined);
		await balcony.tab.evaluate((wanted) => {
			const button = `[data-media-id="${wanted}"] [data-testid=verify]`;
			document.querySelector<HTMLElement>(button)?.click();
		}, id);
		await balcony.waitState(id, 'tampered');
		expect(await cachedSegments(balcony, id)).toBe(0);
	} finally {
		host.shape(undefined);
	}
});

test('a segment that changes between two reads is not released', async ({ balcony, host }) => {
	const bytes = await longVideo();
	const video = await host.share('evening.mp4', bytes);
	const id = await balcony.openLink(video.uri);
	await balcony.play(id);
	await balcony.verify(id);
	// What was kept is damaged, and the server's copy too: neither is what was played.
	await balcony.tab.evaluate(async (wanted) => {
		const cache = await caches.open(`balcony-media-${wanted}`);
		for (const key of await cache.keys()) {
			const stored = await cache.match(key);
			const segment = new Uint8Array((await stored?.arrayBuffer()) ?? new ArrayBuffer(0));
			segment[100] = (segment[100] ?? 0) ^ 1;
			await cache.put(key, new Response(segment));
		}
	}, id);
	host.behave(video.path, { corrupt: { at: 2_000_000 } });
	await balcony.reload();
	const outcome = await balcony.tab.evaluate(async (wanted) => {
		try {
			const response = await fetch(`/media/${wanted}/media.mp4`);
			return (await response.arrayBuffer()).byteLength;
		} catch {
			return -1;
		}
	}, id);
	expect(outcome).toBe(-1);
	await balcony.waitState(id, 'tampered');
});

test('pages and scripts in disguise are files, and run nowhere', async ({ balcony, host }) => {
	const script = 'window.top.pwned = 1; self.pwned = 1;';
	const payloads: Record<string, string> = {
		'page.jpg': `<!doctype html><script>${script}</script>`,
		'drawing.png': `<svg xmlns="http://www.w3.org/2000/svg" onload="${script}"><script>${script}</script></svg>`,
		'list.mp4': `<?xml version="1.0"?><x/>`,
		'paper.jpg': '%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>',
		'both.gif': `GIF89a/*\0\0\0\0*/=1;${script}`,
	};
	for (const [name, text] of Object.entries(payloads)) {
		const file = await host.share(name, Buffer.from(text, 'latin1'));
		const id = await balcony.openLink(file.uri);
		await waitFor(
			balcony.tab,
			(wanted) => {
				const figure = document.querySelector<HTMLElement>(`[data-media-id="${wanted}"] figure`);
				return (
					figure?.dataset['mediaKind'] === 'file' || figure?.dataset['mediaState'] === 'verified'
				);
			},
			[id],
		);
		await balcony.tab.evaluate(async (wanted) => {
			const path = `/media/${wanted}/media.bin`;
			const add = (element: HTMLElement) =>
				new Promise<void>((resolve) => {
					element.addEventListener('load', () => resolve());
					element.addEventListener('error', () => resolve());
					setTimeout(resolve, 500);
					document.body.append(element);
				});
			const frame = document.createElement('iframe');
			frame.src = path;
			const object = document.createElement('object');
			try {
				object.data = path;
			} catch {
				// Trusted Types refuse even that, where they are enforced
			}
			const link = document.createElement('link');
			link.rel = 'stylesheet';
			link.href = path;
			await Promise.all([frame, object, link].map(add));
		}, id);
	}
	const ran = await balcony.tab.evaluate(() => 'pwned' in window);
	expect(ran).toBe(false);
	expect((await balcony.ids()).length).toBe(Object.keys(payloads).length);
});

test('letters of a movie make none of a page, and QuickTime without brands plays', async ({
	balcony,
	host,
}) => {
	const payloads = {
		'a.mov': '<!--mdat--><script>window.top.pwned = 1</script>',
		'b.mov': '\0\0\0\x08free<html><script>window.top.pwned = 1</script>',
		'c.mov': '\0\0\0\x40moov<svg onload="window.top.pwned = 1">',
	};
	for (const [name, text] of Object.entries(payloads)) {
		const id = await balcony.openLink((await host.share(name, Buffer.from(text, 'latin1'))).uri);
		await balcony.waitState(id, 'verified');
		expect((await balcony.state(id)).kind).toBe('file');
	}
	const movie = Buffer.from(await sample('evening.mp4'));
	// In place of its brands there is room, as long.
	movie.set(Buffer.from('\0\0\0\x08wide\0\0\0\x18free', 'latin1'));
	const id = await balcony.openLink((await host.share('DSCN0001.MOV', movie)).uri);
	await balcony.waitState(id, 'verified');
	expect((await balcony.state(id)).kind).toBe('video');
	await balcony.play(id);
	expect(await balcony.tab.evaluate(() => 'pwned' in window)).toBe(false);
});

test('a route of ours refuses what is not its media', async ({ balcony, host }) => {
	const photo = await host.share('balcony.jpg', await sample('balcony.jpg'));
	const id = await balcony.openLink(photo.uri);
	await balcony.waitState(id, 'verified');
	const answers = await balcony.tab.evaluate(async (wanted) => {
		const path = `/media/${wanted}/media.jpg`;
		const ask = async (url: string, init?: RequestInit) => {
			const response = await fetch(url, init);
			return [response.status, response.headers.get('Content-Range')];
		};
		const good = await fetch(path);
		const headers = Object.fromEntries(good.headers);
		return {
			headers,
			length: (await good.arrayBuffer()).byteLength,
			part: await ask(path, { headers: { Range: 'bytes=10-19' } }),
			beyond: await ask(path, { headers: { Range: 'bytes=99999999-' } }),
			head: await ask(path, { method: 'HEAD' }),
			post: await ask(path, { method: 'POST' }),
			unknown: await ask(`/media/${'0'.repeat(32)}/media.jpg`),
			odd: await ask('/media/../media/x'),
		};
	}, id);
	const size = photo.plaintext.length;
	expect(answers.length).toBe(size);
	expect(answers.headers).toMatchObject({
		'content-type': 'image/jpeg',
		'content-length': `${size}`,
		'cache-control': 'no-store',
		'x-content-type-options': 'nosniff',
		'content-security-policy': "sandbox; default-src 'none'; frame-ancestors 'none'",
		'cross-origin-resource-policy': 'same-origin',
		'referrer-policy': 'no-referrer',
	});
	expect(answers.part).toEqual([206, `bytes 10-19/${size}`]);
	expect(answers.beyond).toEqual([416, `bytes */${size}`]);
	expect(answers.head).toEqual([200, null]);
	expect(answers.post).toEqual([403, null]);
	expect(answers.unknown).toEqual([404, null]);
	expect(answers.odd).toEqual([404, null]);
});

test('nothing comes of a payload that is navigated to, or asked for as a script', async ({
	balcony,
	host,
	session,
	app,
}) => {
	const script = 'window.top.pwned = 1; self.pwned = 1;';
	const file = await host.share(
		'page.html',
		Buffer.from(`<!doctype html><script>${script}</script>`),
	);
	const id = await balcony.openLink(file.uri);
	await balcony.waitState(id, 'verified');
	const path = `/media/${id}/media.bin`;
	const outcomes = await balcony.tab.evaluate(async (address) => {
		const attempt = (work: () => unknown) =>
			Promise.race([
				Promise.resolve()
					.then(work)
					.then(
						() => 'done',
						() => 'refused',
					),
				new Promise((resolve) => setTimeout(resolve, 1000, 'silent')),
			]);
		const loads = (worker: Worker | SharedWorker) =>
			new Promise((resolve, reject) => {
				worker.addEventListener('error', reject);
				worker.addEventListener('message', resolve);
			});
		const element = document.createElement('script');
		return {
			script: await attempt(
				() =>
					new Promise((resolve, reject) => {
						element.addEventListener('load', resolve);
						element.addEventListener('error', reject);
						element.src = address;
						document.head.append(element);
					}),
			),
			module: await attempt(() => import(/* @vite-ignore */ address)),
			worker: await attempt(() => loads(new Worker(address))),
			serviceWorker: await attempt(() => navigator.serviceWorker.register(address)),
			type: (await fetch(address)).headers.get('Content-Type'),
		};
	}, path);
	expect(outcomes).toEqual({
		script: 'refused',
		module: 'refused',
		worker: 'refused',
		serviceWorker: 'refused',
		type: 'application/octet-stream',
	});
	expect(await balcony.tab.evaluate(() => 'pwned' in window)).toBe(false);

	const other = await session.newTab();
	await other.goto(app.origin + path).catch(() => undefined);
	const shown = await other
		.evaluate(() => [document.documentElement.outerHTML, 'pwned' in window])
		.catch(() => ['', false]);
	expect(shown[0]).not.toContain('pwned');
	expect(shown[1]).toBe(false);
});

test('a picture of too many pixels is a file, and is not decoded', async ({ balcony, host }) => {
	const bomb = await host.share('sky.png', blackPng(10_000, 6_000));
	const id = await balcony.openLink(bomb.uri);
	await balcony.waitText(id, '60 megapixels');
	expect(await balcony.pictureSize(id)).toBeNull();
	const saved = await balcony.session.saved(() => balcony.press(id, 'save'));
	expect(saved.bytes.equals(Buffer.from(bomb.plaintext))).toBe(true);
});

test('what follows a cut must fit what was played before it', async ({ balcony, host }) => {
	const video = await host.share('evening.mp4', await longVideo(), {
		cutAfter: [1_400_000, 1_400_000, 1_400_000, 1_400_000, 1_400_000],
	});
	host.shape({ bitsPerSecond: 6e6, delayMs: 10 });
	try {
		const id = await balcony.openLink(video.uri);
		await balcony.play(id);
		// All that was played is altered now, on the server and where it was kept.
		host.behave(video.path, { corrupt: { at: 40_000 } });
		await balcony.tab.evaluate(async (wanted) => {
			const cache = await caches.open(`balcony-media-${wanted}`);
			for (const key of await cache.keys()) await cache.delete(key);
		}, id);
		await balcony.session.killWorker?.(balcony.tab);
		host.shape(undefined);
		await balcony.reload();
		const outcome = await balcony.tab.evaluate(async (wanted) => {
			const response = await fetch(`/media/${wanted}/media.mp4`).catch(() => undefined);
			return response?.ok
				? response.arrayBuffer().then(
						() => 'whole',
						() => 'broken',
					)
				: 'refused';
		}, id);
		expect(outcome).not.toBe('whole');
		await balcony.waitState(id, 'tampered');
	} finally {
		host.shape(undefined);
	}
});

/** A picture of one colour: few bytes, many pixels. */
function blackPng(width: number, height: number): Buffer {
	const chunk = (type: string, data: Buffer) => {
		const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
		const whole = Buffer.alloc(body.length + 8);
		whole.writeUInt32BE(data.length, 0);
		body.copy(whole, 4);
		whole.writeUInt32BE(crc32(body), body.length + 4);
		return whole;
	};
	const header = Buffer.from('00000000000000000100000000', 'hex');
	header.writeUInt32BE(width, 0);
	header.writeUInt32BE(height, 4);
	const pixels = deflateSync(Buffer.alloc((Math.ceil(width / 8) + 1) * height));
	return Buffer.concat([
		Buffer.from('89504e470d0a1a0a', 'hex'),
		chunk('IHDR', header),
		chunk('IDAT', pixels),
		chunk('IEND', Buffer.alloc(0)),
	]);
}

function cachedSegments(
	balcony: { tab: import('./browser/browser.ts').Tab },
	id: string,
): Promise<number> {
	return balcony.tab.evaluate(async (wanted) => {
		if (!(await caches.has(`balcony-media-${wanted}`))) return 0;
		return (await (await caches.open(`balcony-media-${wanted}`)).keys()).length;
	}, id);
}
