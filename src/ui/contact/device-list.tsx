import {
	createEffect,
	createMemo,
	createResource,
	createSignal,
	createUniqueId,
	For,
	Show,
} from 'solid-js';
import { createStore, reconcile, unwrap } from 'solid-js/store';
import type { Messenger, Trust } from '../../chat/messenger/messenger.ts';
import { type DeviceRow, deviceRows } from './device-rows.ts';
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
export function DeviceList(props: {
	messenger: Messenger;
	jid: string;
	/** Goes to the first that cannot read what is written now, once it is there. */
	atUnread?: boolean;
}) {
	let items: HTMLUListElement | undefined;
	const [devices] = createResource(
		() => [props.jid, props.messenger.state.devicesChanged] as const,
		([jid]) => props.messenger.devices(jid),
		{ initialValue: [] },
	);
	// A row stays the same one, and focused, when there is something new in another.
	const [list, setList] = createStore<DeviceRow[]>([]);
	createEffect(() => setList(reconcile(deviceRows(devices.latest, unwrap(list)), { key: 'key' })));
	const keyless = () =>
		devices.latest.filter(({ active, fingerprint }) => active && fingerprint === undefined);
	const unknown = createMemo(() =>
		keyless()
			.map(({ id }) => id)
			.join(),
	);
	createEffect(() => {
		// There is nothing to compare as long as it is not here; what failed is tried again with a new connection.
		if (unknown() !== '' && props.messenger.state.connection === 'online')
			void props.messenger.learnDevices(props.jid);
	});
	let isThere = false;
	createEffect(() => {
		if (props.atUnread !== true || isThere || !list.some(cannotRead)) return;
		isThere = true;
		queueMicrotask(() => {
			const row = items?.querySelector<HTMLElement>('[data-cannot-read]');
			row?.focus({ preventScroll: true });
			row?.scrollIntoView({ block: 'center' });
		});
	});
	const set = (fingerprint: string, trust: Trust) =>
		void props.messenger.setTrust(props.jid, fingerprint, trust);
	const [problem, setProblem] = createSignal('');
	const isOwn = () => props.jid === props.messenger.state.account;
	const canDismiss = ({ active, isClaim }: DeviceRow) => isOwn() && active && !isClaim;
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
			<ul ref={items} class="devices">
				<For each={list}>
					{(device: DeviceRow) => {
						const label = createUniqueId();
						return (
							<li
								class="device"
								tabIndex={-1}
								aria-labelledby={label}
								data-testid="device"
								data-device={device.id}
								data-trust={device.trust}
								data-active={device.active ? '' : undefined}
								data-left-out={device.leftOut}
								data-unverified={device.isUnverified && !device.isClaim ? '' : undefined}
								data-cannot-read={cannotRead(device) ? '' : undefined}
							>
								<p class="device-state" id={label}>
									{stateText(device)}
									<Show when={!device.active}> · no longer in use</Show>
								</p>
								<Show when={device.isClaim}>
									<p class="device-claim">Claims to be the same device, with another key</p>
								</Show>
								<Show when={device.leftOut}>
									{(reason) => <p class="device-left-out">{deviceText(reason())}</p>}
								</Show>
								<Show
									when={device.fingerprint}
									fallback={
										<Show when={device.isUnverified && device.leftOut === undefined}>
											<p class="dialog-hint">Its numbers are being fetched…</p>
										</Show>
									}
								>
									{(fingerprint) => <Fingerprint value={fingerprint()} />}
								</Show>
								<Show when={!device.isThis && (device.fingerprint || canDismiss(device))}>
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
										<Show when={canDismiss(device)}>
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
						);
					}}
				</For>
			</ul>
		</Show>
	);
}

function cannotRead({ isClaim, isUnverified, leftOut }: DeviceRow): boolean {
	return !isClaim && (isUnverified === true || leftOut !== undefined);
}

function stateText({ isThis, isClaim, isUnverified, trust }: DeviceRow): string {
	if (isThis) return 'This device';
	if (isUnverified && !isClaim) return "New: can't read your messages until you verify it";
	return trust === undefined ? 'Not seen yet' : TRUST[trust];
}
