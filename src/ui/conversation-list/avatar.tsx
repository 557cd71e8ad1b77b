import './avatar.css';

/** Initials on a colour of their own, the same on every device (after XEP-0392: by the address). */
export function Avatar(props: { jid: string; name: string; size?: number }) {
	const hue = () => {
		let hash = 0;
		for (const character of props.jid) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) >>> 0;
		return hash % 12;
	};
	const initial = () => [...props.name][0]?.toUpperCase() ?? '?';
	return (
		<span class={`avatar hue-${hue()}`} classList={{ large: props.size === 72 }} aria-hidden="true">
			{initial()}
		</span>
	);
}
