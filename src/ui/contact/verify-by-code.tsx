import { createMemo, createSignal, Show } from 'solid-js';
import type { Messenger, Verification } from '../../chat/messenger/messenger.ts';
import { parseContactUri } from '../../core/contact-uri.ts';
import { Dialog } from '../dialog/dialog.tsx';
import { focusSoon } from '../dialog/focus-soon.ts';
import { CodeField } from './code-field.tsx';
import { VerificationNote } from './verification-note.tsx';

/** Verifies the devices of somebody, or our own others, by what their owner shows. */
export function VerifyByCode(props: { messenger: Messenger; jid: string; onClose: () => void }) {
	const [text, setText] = createSignal('');
	const [problem, setProblem] = createSignal('');
	const [verification, setVerification] = createSignal<Verification>();
	const contact = createMemo(() => parseContactUri(text()));
	const submit = async (event: Event) => {
		event.preventDefault();
		const { address, devices } = contact() ?? {};
		if (address !== props.jid || devices === undefined || devices.length === 0)
			setProblem(
				address === undefined || address === props.jid
					? 'There is no fingerprint in this. A link begins with xmpp: and names devices.'
					: `This belongs to ${address}, not to ${props.jid}.`,
			);
		else setVerification(await props.messenger.verifyDevices(address, devices));
	};
	return (
		<Dialog title="Verify by QR code or link" testid="verify-dialog" onClose={props.onClose}>
			<Show
				when={verification()}
				fallback={
					<form onSubmit={submit}>
						<p class="problem" role="alert">
							{problem()}
						</p>
						<CodeField
							label="Link"
							placeholder="xmpp:…"
							value={text()}
							named={contact()?.devices.length ?? 0}
							onInput={(now) => {
								setProblem('');
								setText(now);
							}}
						/>
						<p class="dialog-hint">
							Balcony shows a QR code, and a link to copy, under Account; other apps where the
							account's fingerprints are.
						</p>
						<div class="dialog-buttons">
							<button type="submit" class="button" data-testid="add">
								Verify
							</button>
						</div>
					</form>
				}
			>
				{(found) => (
					<>
						<VerificationNote verification={found()} />
						<div class="dialog-buttons">
							<button
								ref={focusSoon}
								type="button"
								class="button"
								data-testid="done"
								onClick={props.onClose}
							>
								Done
							</button>
						</div>
					</>
				)}
			</Show>
		</Dialog>
	);
}
