import { createSignal, Show } from 'solid-js';
import { Ask } from '../parts/ask.tsx';
import './request-banner.css';

/** Asks above the composer what is to become of a message request; an answer accepts it, too. */
export function RequestBanner(props: {
	peer: string;
	onAccept: () => Promise<void>;
	onBlock: () => Promise<void>;
	onDelete: () => Promise<void>;
}) {
	const [isBusy, setBusy] = createSignal(false);
	const [problem, setProblem] = createSignal('');
	const attempt = async (work: () => Promise<void>, why: string) => {
		setBusy(true);
		setProblem('');
		await work().catch(() => setProblem(why));
		setBusy(false);
	};
	const [asked, setAsked] = createSignal<'block' | 'delete'>();
	const unsaved = 'That was not saved. Try again.';
	return (
		<section class="request-banner" data-testid="request-banner" aria-label="Message request">
			<p>
				<bdi>{props.peer}</bdi> isn't in your contacts.
			</p>
			<Show when={problem()}>
				<p class="request-problem" role="alert" data-testid="request-problem">
					{problem()}
				</p>
			</Show>
			<div class="request-buttons">
				<button
					type="button"
					class="button"
					data-testid="accept-request"
					disabled={isBusy()}
					onClick={() => void attempt(props.onAccept, unsaved)}
				>
					Accept
				</button>
				<button
					type="button"
					class="button danger"
					data-testid="block-request"
					disabled={isBusy()}
					onClick={() => setAsked('block')}
				>
					Block
				</button>
				<button
					type="button"
					class="button danger"
					data-testid="delete-request"
					disabled={isBusy()}
					onClick={() => setAsked('delete')}
				>
					Delete
				</button>
			</div>
			<Show when={asked() === 'block'}>
				<Ask
					title="Block this person?"
					testid="ask-block-request"
					yes="Block"
					yesTestid="confirm-block-request"
					isDanger
					no="Cancel"
					onYes={() => {
						setAsked(undefined);
						void attempt(
							props.onBlock,
							'The server did not block this address. Check your connection and try again.',
						);
					}}
					onClose={() => setAsked(undefined)}
				>
					<bdi>{props.peer}</bdi> can't write to you any more. What they wrote is deleted from this
					device.
				</Ask>
			</Show>
			<Show when={asked() === 'delete'}>
				<Ask
					title="Delete this request?"
					testid="ask-delete-request"
					yes="Delete"
					yesTestid="confirm-delete-request"
					isDanger
					no="Keep it"
					onYes={() => {
						setAsked(undefined);
						void attempt(props.onDelete, unsaved);
					}}
					onClose={() => setAsked(undefined)}
				>
					What they wrote is deleted from this device. They are not told, and can write to you
					again.
				</Ask>
			</Show>
		</section>
	);
}
