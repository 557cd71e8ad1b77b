import { createMemo, createSignal, Show } from 'solid-js';
import { redactAesgcmUris } from '../../core/links/aesgcm-uri.ts';
import { foldedText } from '../../core/text/fold-text.ts';
import { withShortLines } from '../../core/text/short-lines.ts';
import { StyledMessage } from './styled-message.tsx';
import { MESSAGE_WORDS } from './words.ts';

/** A message's text; of a long one the beginning, until somebody asks for all of it. */
export function LongText(props: {
	text: string;
	/** It is about to grow downwards. */
	onUnfold?: () => void;
}) {
	let shown: HTMLSpanElement | undefined;
	const [isWhole, setWhole] = createSignal(false);
	// Before it is cut: of half a key nobody can tell that it is one.
	const text = createMemo(() => redactAesgcmUris(props.text));
	const folded = createMemo(() => foldedText(text()));
	const unfold = () => {
		props.onUnfold?.();
		setWhole(true);
		// The button is gone: who reads by keyboard goes on here, and sees what they saw.
		shown?.focus({ preventScroll: true });
	};
	return (
		<Show when={folded()} fallback={<StyledMessage text={text()} />}>
			{(start) => (
				<>
					<span ref={shown} class="long-text" tabIndex={-1}>
						<StyledMessage text={isWhole() ? withShortLines(text()) : `${start()}…`} />
					</span>
					<Show when={!isWhole()}>
						<button type="button" class="show-all" data-testid="show-all" onClick={unfold}>
							{MESSAGE_WORDS.showAll}
						</button>
					</Show>
				</>
			)}
		</Show>
	);
}
