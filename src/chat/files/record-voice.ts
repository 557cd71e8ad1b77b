import { makeLevelMeter } from './level-meter.ts';
import { asRecorderError, RecorderError } from './recorder-error.ts';
import { pickFormat, prepareVoiceFile, voiceFile } from './voice-file.ts';

/** Seconds after which a recording ends by itself; an hour of speech is 15 MB. */
const MAX_SECONDS = 3600;
/** Milliseconds between two measurements of the level. */
const LEVEL_INTERVAL = 100;
/** Milliseconds of sound that the browser hands over at a time. */
const SLICE = 1000;

/** Why a recording ended. */
export type RecordingEnd =
	/** somebody wanted it to */
	| 'asked'
	/** it was long enough */
	| 'limit'
	/** nobody looks at the page */
	| 'hidden'
	/** nobody looks at the conversation */
	| 'left'
	/** the microphone is gone */
	| 'lost';

export interface VoiceMessage {
	readonly file: File;
	/** loudness, 0 to 1, ten times a second */
	readonly levels: readonly number[];
	readonly seconds: number;
	readonly end: RecordingEnd;
}

/** A recording under way. */
export interface Recording {
	/** loudness so far, 0 to 1, ten times a second */
	readonly levels: readonly number[];
	/** seconds so far */
	elapsed(): number;
	stop(): void;
	/** Ends it because one goes elsewhere; the microphone is free when this returns. */
	leave(): void;
	/** Throws it away; `ended` never resolves. */
	cancel(): void;
	/** Resolves once it has ended, for whatever reason. Rejects with RecorderError `empty`. */
	readonly ended: Promise<VoiceMessage>;
}

/**
 * Records from the microphone, for which the browser may ask first. `onLevel` is called for every level measured.
 * Throws RecorderError.
 */
export async function recordVoice(onLevel: () => void): Promise<Recording> {
	if (typeof MediaRecorder === 'undefined' || navigator.mediaDevices === undefined)
		throw new RecorderError('unsupported');
	const format = pickFormat((type) => MediaRecorder.isTypeSupported(type));
	if (format === undefined) throw new RecorderError('unsupported');
	let stream: MediaStream | undefined;
	try {
		stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1 } });
		const recorder = new MediaRecorder(stream, {
			mimeType: format.type,
			audioBitsPerSecond: format.rate,
		});
		recorder.start(SLICE);
		prepareVoiceFile(format.type);
		return follow(recorder, stream, onLevel);
	} catch (thrown) {
		release(stream);
		throw asRecorderError(thrown);
	}
}

function follow(recorder: MediaRecorder, stream: MediaStream, onLevel: () => void): Recording {
	const ends = new AbortController();
	const { signal } = ends;
	const chunks: Blob[] = [];
	const levels: number[] = [];
	const startedAt = new Date();
	const began = performance.now();
	const elapsed = () => (performance.now() - began) / 1000;
	const meter = makeLevelMeter(stream);
	// A phone that goes dark hides the page, and so would end it.
	const light = navigator.wakeLock?.request('screen').catch(() => undefined);
	let end: RecordingEnd = 'lost';

	const stop = (why: RecordingEnd) => {
		if (recorder.state === 'inactive') return;
		end = why;
		recorder.stop();
	};
	const timer = setInterval(() => {
		levels.push(meter.level());
		onLevel();
		if (elapsed() >= MAX_SECONDS) stop('limit');
	}, LEVEL_INTERVAL);
	const cleanUp = () => {
		clearInterval(timer);
		ends.abort();
		meter.close();
		release(stream);
		void light?.then((lock) => lock?.release());
	};
	const ended = new Promise<VoiceMessage>((resolve, reject) => {
		recorder.addEventListener('dataavailable', ({ data }) => chunks.push(data), { signal });
		recorder.addEventListener(
			'stop',
			() => {
				const seconds = elapsed();
				cleanUp();
				const recorded = new Blob(chunks, { type: recorder.mimeType });
				if (recorded.size === 0) return reject(new RecorderError('empty'));
				void voiceFile(recorded, startedAt).then((file) => resolve({ file, levels, seconds, end }));
			},
			{ signal },
		);
	});
	// An error is followed by the end of the recording; so is the end of the microphone.
	ended.catch(() => undefined);
	document.addEventListener('visibilitychange', () => document.hidden && stop('hidden'), {
		signal,
	});
	return {
		levels,
		elapsed,
		ended,
		stop: () => stop('asked'),
		leave() {
			stop('left');
			release(stream);
		},
		cancel() {
			// First the listeners: what is stopped would be kept.
			cleanUp();
			if (recorder.state !== 'inactive') recorder.stop();
		},
	};
}

function release(stream: MediaStream | undefined): void {
	for (const track of stream?.getTracks() ?? []) track.stop();
}
