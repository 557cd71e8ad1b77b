import { createSignal, onCleanup, onMount, Show } from 'solid-js';
import { parseContactUri } from '../../core/links/contact-uri.ts';
import { CODE_WORDS } from './words.ts';

/** The code reader of some browsers (https://wicg.github.io/shape-detection-api/). */
interface CodeDetector {
	detect(picture: HTMLVideoElement): Promise<readonly { readonly rawValue: string }[]>;
}
interface CodeDetectors {
	new (options: { formats: readonly string[] }): CodeDetector;
	getSupportedFormats(): Promise<readonly string[]>;
}

/** Milliseconds between two looks at the camera's picture. */
const PAUSE = 150;

function detectors(): CodeDetectors | undefined {
	return (globalThis as { BarcodeDetector?: CodeDetectors }).BarcodeDetector;
}

/** Whether QR codes can be read here. */
export async function canScan(): Promise<boolean> {
	if (navigator.mediaDevices === undefined) return false;
	const formats = await detectors()?.getSupportedFormats();
	return formats?.includes('qr_code') ?? false;
}

/** The camera's picture, until it shows a code that names somebody. */
export function CodeScanner(props: { onFound: (link: string) => void }) {
	let video!: HTMLVideoElement;
	let camera: MediaStream | undefined;
	let isOver = false;
	const [problem, setProblem] = createSignal('');

	const stop = () => {
		isOver = true;
		for (const track of camera?.getTracks() ?? []) track.stop();
	};
	const scan = async (Detectors: CodeDetectors) => {
		const detector = new Detectors({ formats: ['qr_code'] });
		camera = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
		// Meanwhile it may have been closed.
		if (isOver) return stop();
		video.srcObject = camera;
		await video.play();
		while (!isOver) {
			const codes = await detector.detect(video).catch(() => []);
			const link = codes.find(({ rawValue }) => parseContactUri(rawValue) !== undefined);
			if (link !== undefined && !isOver) return props.onFound(link.rawValue);
			await new Promise((resolve) => setTimeout(resolve, PAUSE));
		}
	};
	onMount(() => {
		const Detectors = detectors();
		if (Detectors === undefined) return;
		scan(Detectors).catch(() => {
			if (!isOver) setProblem(CODE_WORDS.noCamera);
		});
	});
	onCleanup(stop);
	return (
		<Show when={problem() === ''} fallback={<p class="problem">{problem()}</p>}>
			<video ref={video} class="scanner" data-testid="scanner" muted playsinline />
		</Show>
	);
}
