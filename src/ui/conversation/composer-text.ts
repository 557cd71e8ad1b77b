import { createEffect, createSignal, on } from 'solid-js';
import { shownText } from '../../chat/model/shown-text.ts';
import type { ComposerField } from './composer-sending.ts';
import type { ComposerTask } from './composer-task.tsx';

/** Pixels that the field grows to. */
const MAX_HEIGHT = 200;

/** The text of a composer, and the field that it is in. */
export interface ComposerText extends ComposerField {
	/** The field holds another text. */
	changed(): void;
	/** Gives the field the height of its text. */
	grow(): void;
}

/** While a message is edited its text takes the place of the draft, which comes back. */
export function createComposerText(
	begin: string,
	task: () => ComposerTask | undefined,
	field: () => HTMLTextAreaElement,
): ComposerText {
	const [text, setText] = createSignal(begin);
	const grow = () => {
		const around = field().parentElement as HTMLElement;
		// Smaller for a moment, it would leave the list room, which the browser fills by scrolling it.
		around.style.minHeight = `${around.offsetHeight}px`;
		field().style.height = 'auto';
		field().style.height = `${Math.min(field().scrollHeight, MAX_HEIGHT)}px`;
		around.style.minHeight = '';
	};
	const put = (value: string) => {
		setText(value);
		field().value = value;
		grow();
	};
	const composer: ComposerText = {
		text,
		put,
		draft: '',
		isGone: false,
		grow,
		changed() {
			setText(field().value);
			grow();
		},
	};
	createEffect(
		on(
			task,
			(now, before) => {
				if (before?.kind === 'edit') put(composer.draft);
				if (now?.kind === 'edit') {
					if (before?.kind !== 'edit') composer.draft = text();
					put(shownText(now.message) ?? '');
				}
				if (now !== undefined) field().focus();
			},
			{ defer: true },
		),
	);
	return composer;
}
