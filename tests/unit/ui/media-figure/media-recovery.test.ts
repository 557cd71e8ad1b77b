import { expect, it } from 'vitest';
import { makeMediaRecovery } from '../../../../src/ui/media-figure/media-recovery.ts';

type Step = (element: HTMLMediaElement) => void;

/** A video as this page sees it, at `currentTime` in seconds, and how often it was loaded. */
function video(currentTime: number) {
	let loads = 0;
	const media = Object.assign(new EventTarget(), {
		HAVE_CURRENT_DATA: 2,
		readyState: 2,
		currentTime,
		error: null as object | null,
		paused: false,
		play: async () => undefined,
		load: () => {
			loads += 1;
			media.currentTime = 0;
		},
	});
	const element = media as unknown as HTMLMediaElement;
	const end = makeMediaRecovery(element, { canRecover: () => true, unplayable: () => undefined });
	const tell = (event: string) => media.dispatchEvent(new Event(event));
	return { media, tell, end, loads: () => loads };
}

/** Where a video plays whose stream broke at 17 s, after something was done to it before or after it was loaded again. */
async function recovered(beforeLoad: Step, afterLoad: Step): Promise<number> {
	const { media, tell, end, loads } = video(17);
	const element = media as unknown as HTMLMediaElement;
	tell('timeupdate');
	// WebKit's elements forget their place with the error.
	Object.assign(media, { error: {}, currentTime: 0 });
	tell('error');
	beforeLoad(element);
	await expect.poll(loads).toBe(1);
	afterLoad(element);
	media.error = null;
	tell('loadedmetadata');
	end();
	return element.currentTime;
}

const nothing: Step = () => undefined;
const seek: Step = (element) => {
	element.currentTime = 30;
};

it('playback goes on where its stream broke', async () => {
	expect(await recovered(nothing, nothing)).toBe(17);
});

it('playback goes on where somebody has sought to since its stream broke', async () => {
	expect(await recovered(seek, nothing)).toBe(30);
	expect(await recovered(nothing, seek)).toBe(30);
});

it('a clock that runs on without anything to show is put back, and the stream begun anew', () => {
	const { media, tell, end, loads } = video(20);
	tell('waiting');
	media.currentTime = 23.5;
	tell('stalled');
	expect(loads()).toBe(1);
	tell('loadedmetadata');
	expect(media.currentTime).toBe(20);
	end();
});

it('a stream that is only slow is waited for', () => {
	const { media, tell, end, loads } = video(20);
	tell('waiting');
	tell('stalled');
	tell('canplay');
	Object.assign(media, { currentTime: 23.5, readyState: 4 });
	tell('timeupdate');
	Object.assign(media, { readyState: 2 });
	tell('stalled');
	expect(loads()).toBe(0);
	end();
});
