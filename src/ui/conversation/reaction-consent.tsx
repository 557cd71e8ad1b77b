import { Ask } from '../parts/ask.tsx';
import { CONSENT_WORDS } from './message-tools-words.ts';

/** Asked once, before the first reaction in an encrypted conversation leaves. */
export function ReactionConsent(props: { onAgree: () => void; onClose: () => void }) {
	return (
		<Ask
			title={CONSENT_WORDS.title}
			testid="reaction-consent"
			yes={CONSENT_WORDS.yes}
			yesTestid="allow-reactions"
			no={CONSENT_WORDS.no}
			onYes={props.onAgree}
			onClose={props.onClose}
		>
			{CONSENT_WORDS.text}
		</Ask>
	);
}
