import { createSignal, type JSX, onMount, Show } from 'solid-js';
import type { DeviceInfo } from '../../chat/account/messenger.ts';
import type { DevicesArea } from '../../chat/account/messenger-areas.ts';

/** Shows what has a list of somebody's devices once they are read: what is below the list would jump otherwise. */
export function DevicesRead(props: {
	devices: DevicesArea;
	jid: string;
	children: (devices: DeviceInfo[]) => JSX.Element;
}) {
	const [devices, setDevices] = createSignal<DeviceInfo[]>();
	onMount(() => {
		props.devices.of(props.jid).then(setDevices, () => setDevices([]));
	});
	return (
		<Show when={devices()} keyed>
			{props.children}
		</Show>
	);
}
