import type { Tab } from '../browser/browser.ts';

/** A microphone that hums, and a recorder of MP4 alone: WebKitGTK has none to give, and Chromium would rather record WebM. */
export function recordMp4(tab: Tab): Promise<void> {
	return tab.evaluate(() => {
		MediaRecorder.isTypeSupported = (type) => type === 'audio/mp4';
		navigator.mediaDevices.getUserMedia = async () => {
			const context = new AudioContext();
			await context.resume();
			const tone = new OscillatorNode(context);
			const microphone = new MediaStreamAudioDestinationNode(context);
			tone.connect(microphone);
			tone.start();
			return microphone.stream;
		};
	});
}
