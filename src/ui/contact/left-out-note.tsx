import { createResource, type JSX, Show } from 'solid-js';
import type { DevicesArea } from '../../chat/account/messenger-areas.ts';
import type { MessengerState } from '../../chat/model/messenger-state.ts';
import { Icon, type IconName } from '../parts/icon.tsx';
import { nameOf } from '../parts/name-of.ts';
import { countLeftOut } from './device-rows.ts';
import {
	ownDevicesText,
	ownUnverifiedText,
	theirDevicesText,
	theirUnverifiedText,
} from './left-out-text.ts';
import { LEFT_OUT_WORDS } from './left-out-words.ts';
import './left-out-note.css';

const NOBODY = { unverified: 0, failed: 0 };

/** Says above the composer that devices cannot read what is written now, the contact's or our own, and leads to them. */
export function LeftOutNote(props: {
	state: MessengerState;
	devices: DevicesArea;
	peer: string;
	/** Shows somebody's devices, from the first that cannot read. */
	onDevices: (jid: string) => void;
}) {
	const isPlaintext = () =>
		props.state.conversations.find(({ peer }) => peer === props.peer)?.isPlaintext ?? false;
	const count = async (jid: string) =>
		// While there are no keys of our own yet, nothing is known of others'.
		countLeftOut(await props.devices.of(jid).catch(() => []));
	const [counts] = createResource(
		() => [props.peer, props.state.account, props.state.devicesChanged] as const,
		async ([peer, account]) => ({
			peer,
			theirs: peer === account ? NOBODY : await count(peer),
			own: await count(account),
		}),
		{ initialValue: { peer: '', theirs: NOBODY, own: NOBODY } },
	);
	// The counts may still be those of the conversation before.
	const shown = () => {
		const isOf = counts.latest.peer === props.peer && !isPlaintext();
		return isOf ? counts.latest : { theirs: NOBODY, own: NOBODY };
	};
	const name = () => <bdi>{nameOf(props.state, props.peer)}</bdi>;
	const toTheirs = () => props.onDevices(props.peer);
	const toOwn = () => props.onDevices(props.state.account);
	const failed = () => shown().theirs.failed + shown().own.failed;
	return (
		<div>
			<Line
				isShown={shown().theirs.unverified > 0}
				testid="unverified-note"
				icon="verify"
				action={LEFT_OUT_WORDS.verify}
				onAction={toTheirs}
			>
				{name()}
				{theirUnverifiedText(shown().theirs.unverified)}
			</Line>
			<Line
				isShown={shown().own.unverified > 0}
				testid="own-unverified-note"
				icon="verify"
				action={LEFT_OUT_WORDS.verify}
				onAction={toOwn}
			>
				{ownUnverifiedText(shown().own.unverified)}
			</Line>
			<Line
				isShown={failed() > 0}
				testid="left-out-note"
				icon="waiting"
				action={LEFT_OUT_WORDS.details}
				onAction={shown().theirs.failed > 0 ? toTheirs : toOwn}
			>
				<Show when={shown().theirs.failed} fallback={ownDevicesText(shown().own.failed)}>
					{(theirs) => (
						<>
							{theirDevicesText(theirs(), shown().own.failed)[0]}
							{name()}
							{theirDevicesText(theirs(), shown().own.failed)[1]}
						</>
					)}
				</Show>
			</Line>
		</div>
	);
}

/** A line that is always there, and empty while it is not shown: what comes into a live region later is read out. */
function Line(props: {
	isShown: boolean;
	testid: string;
	icon: IconName;
	action: string;
	onAction: () => void;
	children: JSX.Element;
}) {
	const testid = () => (props.isShown ? props.testid : undefined);
	return (
		<div classList={{ 'left-out-note': props.isShown }} data-testid={testid()}>
			<Show when={props.isShown}>
				<Icon name={props.icon} size={18} />
			</Show>
			<span>
				<span role="status">
					<Show when={props.isShown}>{props.children}</Show>
				</span>
				<Show when={props.isShown}>
					{' '}
					<button
						type="button"
						class="left-out-details"
						data-testid={props.testid.replace('note', 'details')}
						onClick={() => props.onAction()}
					>
						{props.action}
					</button>
				</Show>
			</span>
		</div>
	);
}
