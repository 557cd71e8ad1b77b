import { createResource, Show } from 'solid-js';
import type { DeviceInfo } from '../../chat/account/messenger.ts';
import type { DevicesArea } from '../../chat/account/messenger-areas.ts';
import type { MessengerState } from '../../chat/model/messenger-state.ts';
import { formatContactUri } from '../../core/links/contact-uri.ts';
import { CopyButton } from '../parts/copy-button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { QrPicture } from './qr-picture.tsx';
import { OWN_CODE_WORDS } from './words.ts';

/** As many as a code has room for that a camera still reads. */
const MAX_DEVICES = 6;

/**
 * Our address and devices for others to scan. Of our other devices only those that we have verified ourselves: who scans
 * this will trust them without a word.
 */
export function OwnCode(props: {
	state: MessengerState;
	devices: DevicesArea;
	onClose: () => void;
}) {
	const account = () => props.state.account;
	const [devices] = createResource(
		() => props.state.devicesChanged,
		async () => named(await props.devices.of(account()).catch(() => [])),
	);
	return (
		<Dialog title={OWN_CODE_WORDS.title} testid="own-code" onClose={props.onClose}>
			<Show when={devices.latest} keyed>
				{(list) => {
					const uri = formatContactUri({ address: account(), devices: list });
					return (
						<>
							<QrPicture text={uri} label={OWN_CODE_WORDS.codeOf(account())} />
							<p class="qr-caption">
								<bdi>{account()}</bdi>
							</p>
							<p class="dialog-hint">{OWN_CODE_WORDS.hint(list.length)}</p>
							<div class="dialog-buttons">
								<CopyButton text={uri} label={OWN_CODE_WORDS.copy} testid="copy-link" />
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
