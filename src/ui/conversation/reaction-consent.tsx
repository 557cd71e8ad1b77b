import { Ask } from '../parts/ask.tsx';

/** Asked once, before the first reaction in an encrypted conversation leaves. */
export function ReactionConsent(props: { onAgree: () => void; onClose: () => void }) {
	return (
		<Ask
			title="Reactions are not encrypted"
			testid="reaction-consent"
			yes="Send reactions"
			yesTestid="allow-reactions"
			no="Not now"
			onYes={props.onAgree}
			onClose={props.onClose}
		>
			OMEMO encrypts what you write, but not reactions. Both servers would see which emoji you
			chose, and for which message; never what the message says.
		</Ask>
	);
}
