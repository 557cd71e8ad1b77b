import { createResource, type JSX, Show } from 'solid-js';
import type { Messenger } from '../../chat/messenger/messenger.ts';
import { Icon, type IconName } from '../icons/icon.tsx';
import { countUnread } from './device-rows.ts';
import {
	ownDevicesText,
	ownUnverifiedText,
	theirDevicesText,
	theirUnverifiedText,
} from './left-out-text.ts';
import { nameOf } from './name-of.ts';
import './left-out-note.css';

const NOBODY = { unverified: 0, leftOut: 0 };

/** Says above the composer that devices cannot read what is written now, the contact's or our own, and leads to them. */
export function LeftOutNote(props: {
	messenger: Messenger;
	peer: string;
	/** Shows somebody's devices, from the first that cannot read. */
	onDevices: (jid: string) => void;
}) {
	const state = () => props.messenger.state;
	const isPlaintext = () =>
		state().conversations.find(({ peer }) => peer === props.peer)?.isPlaintext ?? false;
	const count = async (jid: string) =>
		// While there are no keys of our own yet, nothing is known of others'.
		countUnread(await props.messenger.devices(jid).catch(() => []));
	const [counts] = createResource(
		() => [props.peer, state().account, state().devicesChanged] as const,
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
	const name = () => <bdi>{nameOf(state(), props.peer)}</bdi>;
	const toTheirs = () => props.onDevices(props.peer);
	const toOwn = () => props.onDevices(state().account);
	return (
		<div role="status">
			<Show when={shown().theirs.unverified}>
				{(unverified) => (
					<Line testid="unverified-note" icon="verify" action="Verify" onAction={toTheirs}>
						{name()}
						{theirUnverifiedText(unverified())}
					</Line>
				)}
			</Show>
			<Show when={shown().own.unverified}>
				{(unverified) => (
					<Line testid="own-unverified-note" icon="verify" action="Verify" onAction={toOwn}>
						{ownUnverifiedText(unverified())}
					</Line>
				)}
			</Show>
			<Show
				when={shown().theirs.leftOut}
				fallback={
					<Show when={shown().own.leftOut}>
						{(own) => (
							<Line testid="left-out-note" icon="waiting" action="Details" onAction={toOwn}>
								{ownDevicesText(own())}
							</Line>
						)}
					</Show>
				}
			>
				{(theirs) => (
					<Line testid="left-out-note" icon="waiting" action="Details" onAction={toTheirs}>
						{theirDevicesText(theirs(), shown().own.leftOut)[0]}
						{name()}
						{theirDevicesText(theirs(), shown().own.leftOut)[1]}
					</Line>
				)}
			</Show>
		</div>
	);
}

function Line(props: {
	testid: string;
	icon: IconName;
	action: string;
	onAction: () => void;
	children: JSX.Element;
}) {
	return (
		<p class="left-out-note" data-testid={props.testid}>
			<Icon name={props.icon} size={18} />
			<span>
				{props.children}{' '}
				<button
					type="button"
					class="left-out-details"
					data-testid={props.testid.replace('note', 'details')}
					onClick={() => props.onAction()}
				>
					{props.action}
				</button>
			</span>
		</p>
	);
}
