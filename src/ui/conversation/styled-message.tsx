import { For, type JSX } from 'solid-js';
import { type StyledPart, styledText } from '../../core/styled-text.ts';
import './styled-message.css';

/** A message's text as its sender styled it, with its links. */
export function StyledMessage(props: { text: string }) {
	return <Parts parts={styledText(props.text)} />;
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
