import { Show } from 'solid-js';
import { render } from 'solid-js/web';
import { installTrustedTypes } from '../../../src/app/trusted-types.ts';
import { VoiceButton } from '../../../src/ui/conversation/voice-button.tsx';
import { makeVoiceDraft } from '../../../src/ui/conversation/voice-draft.ts';
import '../../../src/ui/tokens.css';
import '../../../src/ui/conversation/conversation.css';
import '../../../src/ui/link-opener/link-opener.css';

/** What was recorded: `name`, `type`, and its bytes. */
export interface SentVoice {
	readonly name: string;
	readonly type: string;
	readonly bytes: readonly number[];
}

declare global {
	var sentVoice: SentVoice | undefined;
	var escapes: number;
}

/** A composer that has nothing but a field and the button. */
function Page() {
	const draft = makeVoiceDraft();
	const onDone = async (file: File) => {
		const bytes = [...new Uint8Array(await file.arrayBuffer())];
		globalThis.sentVoice = { name: file.name, type: file.type, bytes };
	};
	return (
		<main class="conversation">
			<div class="messages-frame" />
			<form class="composer">
				<Show when={draft.phase() === undefined}>
					<label class="composer-field">
						<textarea rows="1" data-testid="composer" placeholder="Encrypted message" />
					</label>
				</Show>
				<VoiceButton draft={draft} onDone={(file) => void onDone(file)} />
			</form>
		</main>
	);
}

installTrustedTypes();
globalThis.escapes = 0;
// As the app's own: whatever nobody has taken closes the conversation.
addEventListener('keydown', (event) => {
	if (event.key === 'Escape' && !event.defaultPrevented) globalThis.escapes += 1;
});
const root = document.getElementById('app');
if (root !== null) render(() => <Page />, root);
