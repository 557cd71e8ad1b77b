import { createResource, Match, Switch } from 'solid-js';
import type { Messenger } from '../../chat/messenger/messenger.ts';
import { Icon } from '../icons/icon.tsx';
import { ownDevicesText, theirDevicesText } from './left-out-text.ts';
import { nameOf } from './name-of.ts';
import './left-out-note.css';

/** Says above the composer that devices cannot read what is written now, the contact's or our own. */
export function LeftOutNote(props: { messenger: Messenger; peer: string; onDetails: () => void }) {
	const state = () => props.messenger.state;
	const isPlaintext = () =>
		state().conversations.find(({ peer }) => peer === props.peer)?.isPlaintext ?? false;
	const count = async (jid: string) => {
		// While there are no keys of our own yet, nothing is known of others'.
		const devices = await props.messenger.devices(jid).catch(() => []);
		return devices.filter(({ leftOut }) => leftOut !== undefined).length;
	};
	const [counts] = createResource(
		() => [props.peer, state().account, state().devicesChanged] as const,
		async ([peer, account]) => ({
			peer,
			theirs: peer === account ? 0 : await count(peer),
			own: await count(account),
		}),
		{ initialValue: { peer: '', theirs: 0, own: 0 } },
	);
	// The counts may still be those of the conversation before.
	const shown = () =>
		counts.latest.peer === props.peer && !isPlaintext() ? counts.latest : undefined;
	return (
		<div role="status">
			<Switch>
				<Match when={(shown()?.theirs ?? 0) > 0 && shown()} keyed>
					{({ theirs, own }) => {
						const [before, after] = theirDevicesText(theirs, own);
						return (
							<p class="left-out-note" data-testid="left-out-note">
								<Icon name="waiting" size={18} />
								<span>
									{before}
									<bdi>{nameOf(state(), props.peer)}</bdi>
									{after}{' '}
									<button
										type="button"
										class="left-out-details"
										data-testid="left-out-details"
										onClick={() => props.onDetails()}
									>
										Details
									</button>
								</span>
							</p>
						);
					}}
				</Match>
				<Match when={shown()?.own}>
					{(own) => (
						<p class="left-out-note" data-testid="left-out-note">
							<Icon name="waiting" size={18} />
							<span>{ownDevicesText(own())}</span>
						</p>
					)}
				</Match>
			</Switch>
		</div>
	);
}
