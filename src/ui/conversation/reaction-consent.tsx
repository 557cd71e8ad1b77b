import { Dialog } from '../dialog/dialog.tsx';

/** Asked once, before the first reaction in an encrypted conversation leaves. */
export function ReactionConsent(props: { onAgree: () => void; onClose: () => void }) {
	return (
		<Dialog
			title="Reactions are not encrypted"
			testid="reaction-consent"
			onClose={() => props.onClose()}
		>
			<p>
				OMEMO encrypts what you write, but not reactions. Both servers would see which emoji you
				chose, and for which message; never what the message says.
			</p>
			<div class="dialog-buttons">
				<button
					type="button"
					class="button"
					data-testid="allow-reactions"
					onClick={() => props.onAgree()}
				>
					Send reactions
				</button>
				<button type="button" class="button plain" onClick={() => props.onClose()}>
					Not now
				</button>
			</div>
		</Dialog>
	);
}
