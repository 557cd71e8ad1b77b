/** Recording is loaded as one: the row that shows it, and the code that does it. */
export { recordVoice } from '../../chat/files/record-voice.ts';
export { VoiceRecorder } from './voice-recorder.tsx';
