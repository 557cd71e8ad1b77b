import { loudness } from '../../core/formats/sound/waveform.ts';

export interface LevelMeter {
	/** 0 to 1 */
	level(): number;
	close(): void;
}

/** Measures how loud a stream is now. Where there is no audio context, all is silent, and recorded all the same. */
export function makeLevelMeter(stream: MediaStream): LevelMeter {
	try {
		const context = new AudioContext();
		// Nearly all of what is heard between two looks.
		const analyser = new AnalyserNode(context, { fftSize: 4096 });
		const source = context.createMediaStreamSource(stream);
		source.connect(analyser);
		void context.resume().catch(() => undefined);
		const samples = new Float32Array(analyser.fftSize);
		return {
			level() {
				analyser.getFloatTimeDomainData(samples);
				return loudness(samples);
			},
			close() {
				source.disconnect();
				void context.close().catch(() => undefined);
			},
		};
	} catch {
		return { level: () => 0, close: () => undefined };
	}
}
