import { expect, it } from 'vitest';
import { makeMediaRecovery } from '../../../../src/ui/media-figure/media-recovery.ts';

type Step = (element: HTMLMediaElement) => void;

/** Where a video plays whose stream broke at 17 s, after something was done to it before or after it was loaded again. */
async function recovered(beforeLoad: Step, afterLoad: Step): Promise<number> {
	let onLoad: () => void = () => undefined;
	const loading = new Promise<void>((resolve) => {
		onLoad = resolve;
	});
	const media = Object.assign(new EventTarget(), {
		currentTime: 17,
		error: null as object | null,
		paused: false,
		play: async () => undefined,
		load() {
			media.currentTime = 0;
			onLoad();
		},
	});
	const element = media as unknown as HTMLMediaElement;
	const end = makeMediaRecovery(element, { canRecover: () => true, unplayable: () => undefined });
	media.dispatchEvent(new Event('timeupdate'));
	// WebKit's elements forget their place with the error.
	Object.assign(media, { error: {}, currentTime: 0 });
	media.dispatchEvent(new Event('error'));
	beforeLoad(element);
	await loading;
	afterLoad(element);
	media.error = null;
	media.dispatchEvent(new Event('loadedmetadata'));
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
