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
import type { DeviceInfo, Trust } from '../../chat/account/messenger.ts';
import type { DevicesArea } from '../../chat/account/messenger-areas.ts';
import type { MessengerState } from '../../chat/model/messenger-state.ts';
import { type DeviceRow, deviceRows, isLeftOut } from './device-rows.ts';
import { Fingerprint } from './fingerprint.tsx';
import { deviceText } from './left-out-text.ts';
import { DEVICE_WORDS } from './words.ts';
import './device-list.css';

/** Somebody's devices, each with its fingerprint and whether it is trusted. */
export function DeviceList(props: {
	state: MessengerState;
	devices: DevicesArea;
	jid: string;
	/** what has been read of them already */
	read: DeviceInfo[];
	/** Once the devices are there, the first that is left out of messages has the focus. */
	focusFirstLeftOut?: boolean;
}) {
	let items: HTMLUListElement | undefined;
	const [devices] = createResource(
		() => [props.jid, props.state.devicesChanged] as const,
		([jid]) => props.devices.of(jid),
		{ initialValue: props.read },
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
		if (unknown() === '' || props.state.connection !== 'online') return;
		setFetches((count) => count + 1);
		void props.devices.learn(props.jid).finally(() => setFetches((count) => count - 1));
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
	const set = (fingerprint: string, trust: Trust) =>
		attempt(props.devices.setTrust(props.jid, fingerprint, trust), DEVICE_WORDS.unsaved);
	const forget = (fingerprint: string) =>
		attempt(props.devices.forget(props.jid, fingerprint), DEVICE_WORDS.unsaved);
	const isOwn = () => props.jid === props.state.account;
	const canDismiss = ({ active, isOtherKey }: DeviceRow) => isOwn() && active && !isOtherKey;
	const [dismissed, setDismissed] = createSignal<readonly number[]>([]);
	async function leave(id: number): Promise<void> {
		await props.devices.dismiss(id);
		// By then the list is here as it was without it.
		await props.devices.of(props.jid);
		setDismissed((ids) => [...ids, id]);
	}
	const isBack = ({ id, active }: DeviceRow) => active && dismissed().includes(id);
	const dismiss = (id: number) => {
		setDismissed((ids) => ids.filter((other) => other !== id));
		attempt(leave(id), DEVICE_WORDS.notDone);
	};
	return (
		<Show when={list.length > 0} fallback={<p class="dialog-hint">{DEVICE_WORDS.none}</p>}>
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
									<Show when={!device.active}>{DEVICE_WORDS.inactive}</Show>
								</p>
								<Show when={device.isOtherKey}>
									<p class="device-claim">{DEVICE_WORDS.otherKey}</p>
								</Show>
								<Show when={isBack(device)}>
									<p class="device-claim" role="alert" data-testid="device-is-back">
										{DEVICE_WORDS.isBack}
									</p>
								</Show>
								<Show when={device.leftOut}>
									{(reason) => <p class="device-left-out">{deviceText(reason())}</p>}
								</Show>
								<Show
									when={device.fingerprint}
									fallback={
										<Show when={device.isUnverified && device.leftOut === undefined}>
											<p class="dialog-hint no-fingerprint" id={fingerprintId}>
												{fetches() > 0 ? DEVICE_WORDS.fetching : DEVICE_WORDS.noFingerprint}
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
															{DEVICE_WORDS.verify}
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
															{DEVICE_WORDS.distrust}
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
															{DEVICE_WORDS.forget}
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
												{DEVICE_WORDS.dismiss}
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
	if (isThis) return DEVICE_WORDS.isThis;
	if (isUnverified && !isOtherKey) return DEVICE_WORDS.isNew;
	return DEVICE_WORDS[trust ?? 'unseen'];
}
