import { createSignal, Show } from 'solid-js';
import { Ask } from '../parts/ask.tsx';
import { WORDS as PARTS } from '../parts/words.ts';
import { BANNER_WORDS } from './request-banner-words.ts';
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
	return (
		<section class="request-banner" data-testid="request-banner" aria-label={BANNER_WORDS.title}>
			<p>
				<bdi>{props.peer}</bdi>
				{BANNER_WORDS.unknown}
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
					onClick={() => void attempt(props.onAccept, BANNER_WORDS.unsaved)}
				>
					{PARTS.accept}
				</button>
				<button
					type="button"
					class="button danger"
					data-testid="block-request"
					disabled={isBusy()}
					onClick={() => setAsked('block')}
				>
					{BANNER_WORDS.block}
				</button>
				<button
					type="button"
					class="button danger"
					data-testid="delete-request"
					disabled={isBusy()}
					onClick={() => setAsked('delete')}
				>
					{PARTS.delete}
				</button>
			</div>
			<Show when={asked() === 'block'}>
				<Ask
					title={BANNER_WORDS.askBlock}
					testid="ask-block-request"
					yes={BANNER_WORDS.block}
					yesTestid="confirm-block-request"
					isDanger
					no={PARTS.cancel}
					onYes={() => {
						setAsked(undefined);
						void attempt(props.onBlock, BANNER_WORDS.notBlocked);
					}}
					onClose={() => setAsked(undefined)}
				>
					<bdi>{props.peer}</bdi>
					{BANNER_WORDS.blockText}
				</Ask>
			</Show>
			<Show when={asked() === 'delete'}>
				<Ask
					title={BANNER_WORDS.askDelete}
					testid="ask-delete-request"
					yes={PARTS.delete}
					yesTestid="confirm-delete-request"
					isDanger
					no={PARTS.cancel}
					onYes={() => {
						setAsked(undefined);
						void attempt(props.onDelete, BANNER_WORDS.unsaved);
					}}
					onClose={() => setAsked(undefined)}
				>
					{PARTS.requestsDeleted}
				</Ask>
			</Show>
		</section>
	);
}
