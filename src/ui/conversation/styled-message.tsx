import { createMemo, For, type JSX, Show } from 'solid-js';
import { redactAesgcmUris } from '../../core/links/aesgcm-uri.ts';
import { type StyledPart, styledText } from '../../core/text/styled-text.ts';
import { textPieces } from '../../core/text/text-pieces.ts';
import './styled-message.css';

/** A message's text as its sender styled it, with its links; without them where it takes pieces to lay it out. */
export function StyledMessage(props: { text: string }) {
	// Before it is cut: of half a key nobody can tell that it is one.
	const pieces = createMemo(() => textPieces(redactAesgcmUris(props.text)));
	return (
		<Show when={pieces().length > 1} fallback={<Parts parts={styledText(props.text)} />}>
			<For each={pieces()}>{(piece) => <span class="text-piece">{piece}</span>}</For>
		</Show>
	);
}

function Parts(props: { parts: readonly StyledPart[] }) {
	return <For each={props.parts}>{(part) => partOf(part)}</For>;
}

function partOf(part: StyledPart): JSX.Element {
	switch (part.kind) {
		case 'text':
			return part.text;
		case 'mark':
			return <span class="text-mark">{part.text}</span>;
		case 'link':
			return (
				<a href={part.href} target="_blank" rel="noopener noreferrer nofollow">
					{part.text}
				</a>
			);
		case 'strong':
			return (
				<strong>
					<Parts parts={part.parts} />
				</strong>
			);
		case 'emphasis':
			return (
				<em>
					<Parts parts={part.parts} />
				</em>
			);
		case 'struck':
			return (
				<s>
					<Parts parts={part.parts} />
				</s>
			);
		case 'code':
		case 'block':
			return (
				<code classList={{ 'text-block': part.kind === 'block' }}>
					<Parts parts={part.parts} />
				</code>
			);
		case 'quote':
			return (
				<blockquote class="text-quote">
					<Parts parts={part.parts} />
				</blockquote>
			);
	}
}
