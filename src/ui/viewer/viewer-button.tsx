import { Icon, type IconName } from '../parts/icon.tsx';

/** A button of the viewer; one that has nothing to do stays where it is. */
export function ViewerButton(props: {
	icon: IconName;
	label: string;
	testid: string;
	isIdle?: boolean;
	onPress: () => unknown;
}) {
	return (
		<button
			type="button"
			class="icon-button"
			data-testid={props.testid}
			aria-label={props.label}
			aria-disabled={props.isIdle === true}
			title={props.label}
			onClick={() => void props.onPress()}
		>
			<Icon name={props.icon} size={24} />
		</button>
	);
}
