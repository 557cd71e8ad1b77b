import { createSignal, Show } from 'solid-js';
import type { Messenger, Verification } from '../../chat/account/messenger.ts';
import { parseContactUri } from '../../core/links/contact-uri.ts';
import { Dialog } from '../parts/dialog.tsx';
import { CodeForm } from './code-form.tsx';
import { VerificationNote } from './verification-note.tsx';

/** Verifies the devices of somebody, or our own others, by what their owner shows. */
export function VerifyByCode(props: { messenger: Messenger; jid: string; onClose: () => void }) {
	const [verification, setVerification] = createSignal<Verification>();
	const submit = async (text: string) => {
		const { address = props.jid, devices = [] } = parseContactUri(text) ?? {};
		if (address !== props.jid) return `This belongs to ${address}, not to ${props.jid}.`;
		if (devices.length === 0)
			return 'There is no fingerprint in this. A link begins with xmpp: and names devices.';
		setVerification(await props.messenger.devices.verify(address, devices));
		return undefined;
	};
	return (
		<Dialog title="Verify by QR code or link" testid="verify-dialog" onClose={props.onClose}>
			<Show
				when={verification()}
				fallback={
					<CodeForm
						label="Link"
						placeholder="xmpp:…"
						hint="Balcony shows a QR code, and a link to copy, under Account; other apps where the account's fingerprints are."
						action={() => 'Verify'}
						submit={submit}
					/>
				}
			>
				{(found) => (
					<VerificationNote verification={found()} action="Done" onDone={props.onClose} />
				)}
			</Show>
		</Dialog>
	);
}
