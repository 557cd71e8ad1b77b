import { Show } from 'solid-js';
import type { Verification } from '../../chat/account/messenger.ts';
import { focusSoon } from '../parts/focus-soon.ts';
import { Icon } from '../parts/icon.tsx';
import { CODE_WORDS } from './words.ts';

/** The result of verifying devices by a link, and a button to go on. */
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
						{CODE_WORDS.contradicted(props.verification.contradicted)}
					</p>
				</Show>
				<Show when={props.verification.verified > 0}>
					<p>
						<Icon name="verify" />
						{CODE_WORDS.verified(props.verification.verified)}
					</p>
				</Show>
				<Show when={props.verification.expected > 0}>
					<p>
						<Icon name="waiting" />
						{CODE_WORDS.expected(props.verification.expected)}
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
