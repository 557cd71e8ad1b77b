import { Show } from 'solid-js';
import { firstCharacter } from '../../core/text/cut-text.ts';
import './avatar.css';

/**
 * Somebody's picture; without one, initials on a colour of their own, the same on every device (after XEP-0392: by the
 * address).
 */
export function Avatar(props: {
	jid: string;
	name: string;
	/** blob URL of a picture */
	src: string | undefined;
	size?: number;
}) {
	const hue = () => {
		let hash = 0;
		for (const character of props.jid) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) >>> 0;
		return hash % 12;
	};
	const initial = () => firstCharacter(props.name).toUpperCase() || '?';
	return (
		<span class={`avatar hue-${hue()}`} classList={{ large: props.size === 72 }} aria-hidden="true">
			{/* Below the picture, so that nothing is empty while it is decoded. */}
			{initial()}
			<Show when={props.src}>{(src) => <img src={src()} alt="" decoding="async" />}</Show>
		</span>
	);
}
