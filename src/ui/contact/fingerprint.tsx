import './fingerprint.css';

/** An identity key to be compared: eight groups of eight hex digits. */
export function Fingerprint(props: { id?: string; value: string }) {
	const groups = () => props.value.match(/.{1,8}/g)?.join(' ') ?? '';
	return (
		<code id={props.id} class="fingerprint">
			{groups()}
		</code>
	);
}
