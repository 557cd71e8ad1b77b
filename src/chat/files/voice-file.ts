import { loadOnce } from '../../core/async/load-once.ts';

/** Formats in which browsers record speech, the best first; `rate` in bits a second. */
const FORMATS = [
	{ type: 'audio/ogg;codecs=opus', rate: 32_000 },
	{ type: 'audio/webm;codecs=opus', rate: 32_000 },
	// AAC needs more for the same.
	{ type: 'audio/mp4', rate: 64_000 },
] as const;

const loadMp4Voice = loadOnce(() => import('./mp4-voice.ts'));
const loadOggVoice = loadOnce(() => import('./ogg-voice.ts'));

/** The best of what a browser can record; undefined if it can do none of it. */
export function pickFormat(
	isSupported: (type: string) => boolean,
): (typeof FORMATS)[number] | undefined {
	return FORMATS.find(({ type }) => isSupported(type));
}

/** Loads what a recording of this type needs at its end, while it is made. */
export function prepareVoiceFile(type: string): void {
	const load = type === 'audio/mp4' ? loadMp4Voice : loadOggVoice;
	load().catch(() => undefined);
}

/**
 * A recording as it is sent. Other clients go by the name: to them `.webm` is a video, `.weba` and `.oga` are unknown to some, and
 * `.ogg` and `.m4a` are audio everywhere. What comes as WebM, without a duration, so goes into Ogg, which has one;
 * MP4 in fragments becomes one piece.
 */
export async function voiceFile(recorded: Blob, startedAt: Date): Promise<File> {
	const name = `voice-message-${stamp(startedAt)}`;
	const [type = ''] = recorded.type.split(';');
	if (type === 'audio/ogg') return new File([recorded], `${name}.ogg`, { type });
	const isMp4 = type === 'audio/mp4';
	try {
		if (isMp4) {
			const whole = await (await loadMp4Voice()).mp4Voice(recorded);
			if (whole !== undefined) return new File([whole], `${name}.m4a`, { type });
		} else {
			const ogg = await (await loadOggVoice()).oggVoice(recorded);
			if (ogg !== undefined) return new File([ogg], `${name}.ogg`, { type: 'audio/ogg' });
		}
	} catch {
		// better as it is than lost
	}
	return new File([recorded], `${name}.${isMp4 ? 'm4a' : 'weba'}`, { type });
}

/** `2026-01-31-14-05`, by the clock on the wall. */
function stamp(date: Date): string {
	const parts = [date.getMonth() + 1, date.getDate(), date.getHours(), date.getMinutes()];
	return [date.getFullYear(), ...parts.map((part) => `${part}`.padStart(2, '0'))].join('-');
}
