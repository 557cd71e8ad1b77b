import { createResource, Show } from 'solid-js';
import type { DeviceInfo, Messenger } from '../../chat/account/messenger.ts';
import { formatContactUri } from '../../core/links/contact-uri.ts';
import { CopyButton } from '../parts/copy-button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { QrPicture } from './qr-picture.tsx';

/** As many as a code has room for that a camera still reads. */
const MAX_DEVICES = 6;

/**
 * Our address and devices for others to scan. Of our other devices only those that we have verified ourselves: who scans
 * this will trust them without a word.
 */
export function OwnCode(props: { messenger: Messenger; onClose: () => void }) {
	const account = () => props.messenger.state.account;
	const [devices] = createResource(
		() => props.messenger.state.devicesChanged,
		async () => named(await props.messenger.devices.of(account()).catch(() => [])),
	);
	return (
		<Dialog title="Your QR code" testid="own-code" onClose={props.onClose}>
			<Show when={devices.latest} keyed>
				{(list) => {
					const uri = formatContactUri({ address: account(), devices: list });
					return (
						<>
							<QrPicture text={uri} label={`QR code of ${account()}`} />
							<p class="qr-caption">
								<bdi>{account()}</bdi>
							</p>
							<p class="dialog-hint">
								Whoever scans this with Balcony, Conversations or another XMPP app adds you
								{verifies(list.length)}.
							</p>
							<div class="dialog-buttons">
								<CopyButton text={uri} label="Copy as a link" testid="copy-link" />
							</div>
						</>
					);
				}}
			</Show>
		</Dialog>
	);
}

function named(devices: readonly DeviceInfo[]) {
	return devices
		.filter(({ isThis, active, trust }) => isThis || (active && trust === 'verified'))
		.sort((a, b) => Number(b.isThis) - Number(a.isThis))
		.flatMap(({ id, fingerprint }) => (fingerprint === undefined ? [] : [{ id, fingerprint }]))
		.slice(0, MAX_DEVICES);
}

function verifies(count: number): string {
	if (count === 0) return '';
	if (count === 1) return ' and verifies this device';
	return ` and verifies this device and ${count - 1} more that you have verified`;
}
