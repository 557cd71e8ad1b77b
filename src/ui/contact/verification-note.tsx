import { Show } from 'solid-js';
import type { Verification } from '../../chat/account/messenger.ts';
import { focusSoon } from '../parts/focus-soon.ts';
import { Icon } from '../parts/icon.tsx';

/** What came of verifying devices by a link, and the way on. */
export function VerificationNote(props: {
	verification: Verification;
	action: string;
	onDone: () => void;
}) {
	return (
		<>
			<div id="verification" class="verification" data-testid="verification">
				<Show when={props.verification.contradicted > 0}>
					<p class="problem" data-testid="contradicted">
						<Icon name="altered" />
						{count(props.verification.contradicted, 'device has', 'devices have')} another
						fingerprint here than the link says. The connection may be intercepted, or the link is
						old or wrong. Compare the fingerprints before you trust anything.
					</p>
				</Show>
				<Show when={props.verification.verified > 0}>
					<p>
						<Icon name="verify" />
						{count(props.verification.verified, 'device is', 'devices are')} verified.
					</p>
				</Show>
				<Show when={props.verification.expected > 0}>
					<p>
						<Icon name="waiting" />
						{count(props.verification.expected, 'device', 'devices')} not seen yet: verified from
						the moment of the first message.
					</p>
				</Show>
			</div>
			<div class="dialog-buttons">
				<button
					ref={focusSoon}
					type="button"
					class="button"
					data-testid="done"
					aria-describedby="verification"
					onClick={() => props.onDone()}
				>
					{props.action}
				</button>
			</div>
		</>
	);
}

function count(number: number, one: string, many: string): string {
	return number === 1 ? `One ${one}` : `${number} ${many}`;
}
