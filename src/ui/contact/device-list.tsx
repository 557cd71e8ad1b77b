import { createEffect, createResource, createSignal, For, Show } from 'solid-js';
import { createStore, reconcile } from 'solid-js/store';
import type { DeviceInfo, Messenger, Trust } from '../../chat/messenger/messenger.ts';
import { Fingerprint } from './fingerprint.tsx';
import { deviceText } from './left-out-text.ts';
import './device-list.css';

const TRUST: Record<Trust, string> = {
	blind: 'Trusted, not compared',
	verified: 'Compared and verified',
	undecided: 'Not trusted until you decide',
	distrusted: 'Not trusted',
};

/** Somebody's devices, each with its fingerprint and what is held of it. */
export function DeviceList(props: { messenger: Messenger; jid: string }) {
	const [devices] = createResource(
		() => [props.jid, props.messenger.state.devicesChanged] as const,
		async ([jid]) => {
			const all = await props.messenger.devices(jid);
			return all
				.filter(({ active, fingerprint }) => active || fingerprint !== undefined)
				.sort((a, b) => rank(a) - rank(b));
		},
		{ initialValue: [] },
	);
	// A row stays the same one, and focused, when there is something new in another.
	const [list, setList] = createStore<DeviceInfo[]>([]);
	createEffect(() => setList(reconcile(devices.latest, { key: 'id' })));
	const set = (fingerprint: string, trust: Trust) =>
		void props.messenger.setTrust(props.jid, fingerprint, trust);
	const [problem, setProblem] = createSignal('');
	const isOwn = () => props.jid === props.messenger.state.account;
	const dismiss = (id: number) => {
		setProblem('');
		props.messenger
			.dismissDevice(id)
			.catch(() => setProblem('The server did not do that. Check your connection and try again.'));
	};
	return (
		<Show
			when={list.length > 0}
			fallback={<p class="dialog-hint">No device that can read encrypted messages is known yet.</p>}
		>
			<p class="problem" role="alert">
				{problem()}
			</p>
			<ul class="devices">
				<For each={list}>
					{(device: DeviceInfo) => (
						<li
							class="device"
							data-testid="device"
							data-device={device.id}
							data-trust={device.trust}
							data-active={device.active ? '' : undefined}
							data-left-out={device.leftOut}
						>
							<p class="device-state">
								{device.isThis
									? 'This device'
									: device.trust === undefined
										? 'Not seen yet'
										: TRUST[device.trust]}
								<Show when={!device.active}> · no longer in use</Show>
							</p>
							<Show when={device.leftOut}>
								{(reason) => <p class="device-left-out">{deviceText(reason())}</p>}
							</Show>
							<Show when={device.fingerprint}>
								{(fingerprint) => <Fingerprint value={fingerprint()} />}
							</Show>
							<Show when={!device.isThis}>
								<div class="dialog-buttons">
									<Show when={device.fingerprint} keyed>
										{(fingerprint) => (
											<>
												<Show when={device.active && device.trust !== 'verified'}>
													<button
														type="button"
														class="button plain"
														data-testid="verify-device"
														onClick={() => set(fingerprint, 'verified')}
													>
														They match
													</button>
												</Show>
												<Show when={device.active && device.trust !== 'distrusted'}>
													<button
														type="button"
														class="button danger"
														data-testid="distrust-device"
														onClick={() => set(fingerprint, 'distrusted')}
													>
														Do not trust
													</button>
												</Show>
												<Show when={!device.active}>
													<button
														type="button"
														class="button plain"
														data-testid="forget-device"
														onClick={() => props.messenger.forgetDevice(props.jid, fingerprint)}
													>
														Forget
													</button>
												</Show>
											</>
										)}
									</Show>
									<Show when={isOwn() && device.active}>
										<button
											type="button"
											class="button plain"
											data-testid="dismiss-device"
											onClick={() => dismiss(device.id)}
										>
											Remove from my account
										</button>
									</Show>
								</div>
							</Show>
						</li>
					)}
				</For>
			</ul>
		</Show>
	);
}

/** This device, then those in use, then the others. */
function rank({ isThis, active }: DeviceInfo): number {
	return isThis ? 0 : active ? 1 : 2;
}
