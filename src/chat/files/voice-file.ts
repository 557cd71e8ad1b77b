import { writeOggOpus } from '../../core/formats/sound/ogg-opus.ts';
import { readWebmOpus } from '../../core/formats/sound/webm-opus.ts';

/** What browsers record speech as, the best first; `rate` in bits a second. */
const FORMATS = [
	{ type: 'audio/ogg;codecs=opus', rate: 32_000 },
	{ type: 'audio/webm;codecs=opus', rate: 32_000 },
	// AAC needs more for the same.
	{ type: 'audio/mp4', rate: 64_000 },
] as const;

/** The best of what a browser can record; undefined if it can do none of it. */
export function pickFormat(
	isSupported: (type: string) => boolean,
): (typeof FORMATS)[number] | undefined {
	return FORMATS.find(({ type }) => isSupported(type));
}

/**
 * A recording as it is sent. Other clients go by the name: to them `.webm` is a video, `.weba` and `.oga` are unknown to some, and
 * `.ogg` and `.m4a` are audio everywhere. What comes as WebM, without a duration, so goes into Ogg, which has one.
 */
export async function voiceFile(recorded: Blob, startedAt: Date): Promise<File> {
	const name = `voice-message-${stamp(startedAt)}`;
	const [type = ''] = recorded.type.split(';');
	if (type === 'audio/mp4') return new File([recorded], `${name}.m4a`, { type });
	if (type === 'audio/ogg') return new File([recorded], `${name}.ogg`, { type });
	try {
		const opus = readWebmOpus(new Uint8Array(await recorded.arrayBuffer()));
		if (opus !== undefined)
			return new File([writeOggOpus(opus)], `${name}.ogg`, { type: 'audio/ogg' });
	} catch {
		// better as it is than lost
	}
	return new File([recorded], `${name}.weba`, { type });
}

/** `2026-01-31-14-05`, by the clock on the wall. */
function stamp(date: Date): string {
	const parts = [date.getMonth() + 1, date.getDate(), date.getHours(), date.getMinutes()];
	return [date.getFullYear(), ...parts.map((part) => `${part}`.padStart(2, '0'))].join('-');
}
