import { createSignal, Show } from 'solid-js';
import type { Verification } from '../../chat/account/messenger.ts';
import type { DevicesArea } from '../../chat/account/messenger-areas.ts';
import { parseContactUri } from '../../core/links/contact-uri.ts';
import { Dialog } from '../parts/dialog.tsx';
import { CodeForm } from './code-form.tsx';
import { VerificationNote } from './verification-note.tsx';
import { CODE_WORDS } from './words.ts';

/** Verifies the devices of somebody, or our own others, by what their owner shows. */
export function VerifyByCode(props: { devices: DevicesArea; jid: string; onClose: () => void }) {
	const [verification, setVerification] = createSignal<Verification>();
	const submit = async (text: string) => {
		const { address = props.jid, devices = [] } = parseContactUri(text) ?? {};
		if (address !== props.jid) return CODE_WORDS.otherAddress(address, props.jid);
		if (devices.length === 0) return CODE_WORDS.noFingerprint;
		setVerification(await props.devices.verify(address, devices));
		return undefined;
	};
	return (
		<Dialog title={CODE_WORDS.title} testid="verify-dialog" onClose={props.onClose}>
			<Show
				when={verification()}
				fallback={
					<CodeForm
						label={CODE_WORDS.link}
						placeholder={CODE_WORDS.linkExample}
						hint={CODE_WORDS.hint}
						action={() => CODE_WORDS.verify}
						submit={submit}
					/>
				}
			>
				{(found) => (
					<VerificationNote
						verification={found()}
						action={CODE_WORDS.done}
						onDone={props.onClose}
					/>
				)}
			</Show>
		</Dialog>
	);
}
