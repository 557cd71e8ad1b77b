import type { RecordingEnd } from '../../chat/files/record-voice.ts';
import type { RecorderErrorCode } from '../../chat/files/recorder-error.ts';

// Beside the other words: these are loaded with the recorder.

/** Why nothing can be recorded, and what can be done about it. */
export const RECORDER_ERRORS: Readonly<Record<RecorderErrorCode | 'not-loaded', string>> = {
	denied:
		"Balcony isn't allowed to use the microphone. Allow it in the browser's settings for this page, beside the address, and try again.",
	'no-microphone': 'No microphone was found. Connect one and try again.',
	busy: "The microphone can't be used right now. Another app may be using it: close that app and try again.",
	empty: 'Nothing was recorded. Try again.',
	'not-loaded': "Couldn't load the recorder. Reload the page and try again.",
	unsupported: "This browser can't record voice messages. Send a file recorded elsewhere.",
};

/** Why a recording ended without being asked to. */
export const RECORDING_ENDS: Readonly<Record<RecordingEnd, string>> = {
	asked: '',
	limit: 'A voice message can be up to an hour long.',
	hidden: 'Recording stopped when you left the page.',
	left: 'Recording stopped when you left.',
	lost: 'Recording stopped: the microphone was disconnected.',
};
