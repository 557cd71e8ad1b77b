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
import type { Messenger, Trust } from '../../chat/account/messenger.ts';
import { type DeviceRow, deviceRows, isLeftOut } from './device-rows.ts';
import { Fingerprint } from './fingerprint.tsx';
import { deviceText } from './left-out-text.ts';
import './device-list.css';

const TRUST: Record<Trust, string> = {
	blind: 'Not verified',
	verified: 'Verified',
	undecided: 'Waiting for your decision',
	distrusted: 'Not trusted',
};

/** Somebody's devices, each with its fingerprint and what is held of it. */
export function DeviceList(props: {
	messenger: Messenger;
	jid: string;
	/** Once the devices are there, the first that is left out of messages has the focus. */
	focusFirstLeftOut?: boolean;
}) {
	let items: HTMLUListElement | undefined;
	const [devices] = createResource(
		() => [props.jid, props.messenger.state.devicesChanged] as const,
		([jid]) => props.messenger.devices.of(jid),
		{ initialValue: [] },
	);
	// A row stays the same one, and focused, when there is something new in another.
	const [list, setList] = createStore<DeviceRow[]>([]);
	createEffect(() => setList(reconcile(deviceRows(devices.latest, unwrap(list)), { key: 'key' })));
	const unlearned = () =>
		devices.latest.filter(
			({ active, fingerprint, isDoubtful }) => isDoubtful || (active && fingerprint === undefined),
		);
	const unknown = createMemo(() =>
		unlearned()
			.map(({ id }) => id)
			.join(),
	);
	/** how many requests for keys are under way */
	const [fetches, setFetches] = createSignal(0);
	createEffect(() => {
		// There is nothing to compare as long as it is not here; what failed is tried again with a new connection.
		if (unknown() === '' || props.messenger.state.connection !== 'online') return;
		setFetches((count) => count + 1);
		void props.messenger.devices.learn(props.jid).finally(() => setFetches((count) => count - 1));
	});
	let isFocused = props.focusFirstLeftOut !== true;
	createEffect(() => {
		if (isFocused || devices.loading) return;
		// Never later: whoever reads the list by then is somewhere else in it.
		isFocused = true;
		queueMicrotask(() => {
			const row = items?.querySelector<HTMLElement>('[data-first-left-out]');
			row?.focus({ preventScroll: true });
			row?.scrollIntoView({ block: 'center' });
		});
	});
	const firstLeftOut = createMemo(() => list.find(isLeftOut)?.key);
	const [problem, setProblem] = createSignal('');
	const attempt = (work: Promise<void>, why: string) => {
		setProblem('');
		work.catch(() => setProblem(why));
	};
	const unsaved = 'That was not saved. Try again.';
	const set = (fingerprint: string, trust: Trust) =>
		attempt(props.messenger.devices.setTrust(props.jid, fingerprint, trust), unsaved);
	const forget = (fingerprint: string) =>
		attempt(props.messenger.devices.forget(props.jid, fingerprint), unsaved);
	const isOwn = () => props.jid === props.messenger.state.account;
	const canDismiss = ({ active, isOtherKey }: DeviceRow) => isOwn() && active && !isOtherKey;
	const [dismissed, setDismissed] = createSignal<readonly number[]>([]);
	async function leave(id: number): Promise<void> {
		await props.messenger.devices.dismiss(id);
		// By then the list is here as it was without it.
		await props.messenger.devices.of(props.jid);
		setDismissed((ids) => [...ids, id]);
	}
	const isBack = ({ id, active }: DeviceRow) => active && dismissed().includes(id);
	const dismiss = (id: number) => {
		setDismissed((ids) => ids.filter((other) => other !== id));
		attempt(leave(id), 'The server did not do that. Check your connection and try again.');
	};
	return (
		<Show
			when={list.length > 0}
			fallback={<p class="dialog-hint">No device that can read encrypted messages is known yet.</p>}
		>
			<p class="problem" role="alert" data-testid={problem() === '' ? undefined : 'device-problem'}>
				{problem()}
			</p>
			<ul ref={items} class="devices">
				<For each={list}>
					{(device: DeviceRow) => {
						const label = createUniqueId();
						const fingerprintId = createUniqueId();
						const name = `${label} ${fingerprintId}`;
						return (
							<li
								class="device"
								tabIndex={-1}
								aria-labelledby={name}
								data-testid="device"
								data-device={device.id}
								data-trust={device.trust}
								data-active={device.active ? '' : undefined}
								data-left-out={device.leftOut}
								data-unverified={device.isUnverified && !device.isOtherKey ? '' : undefined}
								data-first-left-out={device.key === firstLeftOut() ? '' : undefined}
							>
								<p class="device-state" id={label}>
									{stateText(device)}
									<Show when={!device.active}> · no longer in use</Show>
								</p>
								<Show when={device.isOtherKey}>
									<p class="device-claim">
										Another key, sent under the same device number. Don't trust it unless the
										fingerprints match.
									</p>
								</Show>
								<Show when={isBack(device)}>
									<p class="device-claim" role="alert" data-testid="device-is-back">
										It's signed in right now and put itself back. Sign out there first, then remove
										it here. If you don't know it, choose “Don't trust” and change your password.
									</p>
								</Show>
								<Show when={device.leftOut}>
									{(reason) => <p class="device-left-out">{deviceText(reason())}</p>}
								</Show>
								<Show
									when={device.fingerprint}
									fallback={
										<Show when={device.isUnverified && device.leftOut === undefined}>
											<p class="dialog-hint" id={fingerprintId}>
												{fetches() > 0
													? 'Its fingerprint is being fetched…'
													: 'Its fingerprint is not available yet.'}
											</p>
										</Show>
									}
								>
									{(fingerprint) => <Fingerprint id={fingerprintId} value={fingerprint()} />}
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
															aria-describedby={name}
															onClick={(event) => {
																focusRow(event);
																set(fingerprint, 'verified');
															}}
														>
															Mark as verified
														</button>
													</Show>
													<Show when={device.active && device.trust !== 'distrusted'}>
														<button
															type="button"
															class="button danger"
															data-testid="distrust-device"
															aria-describedby={name}
															onClick={(event) => {
																focusRow(event);
																set(fingerprint, 'distrusted');
															}}
														>
															Don't trust
														</button>
													</Show>
													<Show when={!device.active}>
														<button
															type="button"
															class="button plain"
															data-testid="forget-device"
															aria-describedby={name}
															onClick={(event) => {
																focusNextRow(event);
																forget(fingerprint);
															}}
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
												aria-describedby={name}
												onClick={(event) => {
													focusRow(event);
													dismiss(device.id);
												}}
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

/** The row keeps the focus: the button that was pressed will be gone. */
function focusRow({ currentTarget }: { currentTarget: Element }): void {
	currentTarget.closest<HTMLElement>('.device')?.focus({ preventScroll: true });
}

/** The next row has the focus, or the one before: the one whose button was pressed will be gone. */
function focusNextRow({ currentTarget }: { currentTarget: Element }): void {
	const row = currentTarget.closest('.device');
	const other = row?.nextElementSibling ?? row?.previousElementSibling;
	if (other instanceof HTMLElement) other.focus();
}

function stateText({ isThis, isOtherKey, isUnverified, trust }: DeviceRow): string {
	if (isThis) return 'This device';
	if (isUnverified && !isOtherKey) return "New: can't read your messages until you verify it";
	return trust === undefined ? 'Not seen yet' : TRUST[trust];
}
