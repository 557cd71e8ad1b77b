import { createSignal, For, Show } from 'solid-js';
import type { Session } from '../../chat/account/account-session.ts';
import type { Messenger, MissingFeature } from '../../chat/account/messenger.ts';
import { notifyPermission } from '../../chat/notify/notices.ts';
import { DeviceList } from '../contact/device-list.tsx';
import { Ask } from '../parts/ask.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Icon } from '../parts/icon.tsx';
import { ChangePassword } from './change-password.tsx';
import { OwnProfile } from './own-profile.tsx';
import '../settings/settings-dialog.css';

const MISSING: Record<MissingFeature, string> = {
	roster: 'A list of contacts.',
	blocking: "Blocking: you can't block people.",
	pep: 'A place for encryption keys (PEP): nobody can write to you encrypted.',
	archive: 'An archive: what was written while you were away may be missing here.',
	'archive-stuck':
		'An archive that can be read to the end. Some older messages may be missing here.',
	upload: 'A place for files (HTTP upload): you can receive files, and not send any.',
};

const THUMBNAILS = [
	['automatic', 'To apps that show it'],
	['always', 'Always'],
	['never', 'Never'],
] as const;

const NOTIFICATIONS = [
	['off', 'Off'],
	['name', 'Who writes'],
	['text', 'Who, and what'],
] as const;

/** Who is signed in, on which devices, and the ways out. */
export function AccountDialog(props: {
	messenger: Messenger;
	session: Session;
	/** what it is opened for, if not for all of it */
	at?: 'devices' | undefined;
	onLinks: () => void;
	onSettings: () => void;
	onCode: () => void;
	onVerify: () => void;
	onClose: () => void;
}) {
	const [asks, setAsks] = createSignal(false);
	const [isLeaving, setLeaving] = createSignal(false);
	const [isErasing, setIsErasing] = createSignal(false);
	const [isDenied, setDenied] = createSignal(false);
	const setNotifications = async (field: HTMLSelectElement) => {
		const notifications = field.value as (typeof NOTIFICATIONS)[number][0];
		const isAllowed =
			notifications === 'off' || (await Notification.requestPermission()) === 'granted';
		setDenied(!isAllowed);
		if (isAllowed) await props.messenger.changeSettings({ notifications });
		else field.value = props.messenger.state.settings.notifications;
	};
	return (
		<Dialog title="Account" testid="account-dialog" onClose={props.onClose}>
			<p data-testid="own-address">
				<bdi>{props.messenger.state.account}</bdi>
			</p>
			<div class="dialog-buttons">
				<button type="button" class="button" data-testid="show-code" onClick={props.onCode}>
					<Icon name="code" /> Show QR code
				</button>
				<button type="button" class="button plain" data-testid="open-links" onClick={props.onLinks}>
					Opened links
				</button>
				<button
					type="button"
					class="button plain"
					data-testid="open-settings"
					onClick={props.onSettings}
				>
					<Icon name="settings" /> Settings
				</button>
			</div>
			<Show when={props.messenger.state.missing.length > 0}>
				<section data-testid="missing">
					<h3>Your server lacks</h3>
					<ul>
						<For each={props.messenger.state.missing}>
							{(feature) => <li>{MISSING[feature]}</li>}
						</For>
					</ul>
				</section>
			</Show>
			<OwnProfile messenger={props.messenger} />
			<section>
				<h3>Your devices</h3>
				<DeviceList
					messenger={props.messenger}
					jid={props.messenger.state.account}
					focusFirstLeftOut={props.at === 'devices'}
				/>
				<div class="dialog-buttons">
					<button
						type="button"
						class="button plain"
						data-testid="verify-by-code"
						onClick={props.onVerify}
					>
						Verify by QR code or link
					</button>
				</div>
			</section>
			<Show when={notifyPermission()}>
				<section>
					<label class="setting-row">
						<span>
							<span class="setting-name">Notifications</span>
							<span class="setting-hint">
								Of new messages, while Balcony is open and you look elsewhere.
							</span>
						</span>
						<select
							class="setting-select"
							data-testid="notifications"
							onChange={(event) => void setNotifications(event.currentTarget)}
						>
							<For each={NOTIFICATIONS}>
								{([value, label]) => (
									<option
										value={value}
										selected={props.messenger.state.settings.notifications === value}
									>
										{label}
									</option>
								)}
							</For>
						</select>
					</label>
					<p class="problem" role="alert">
						{isDenied() &&
							'The browser does not allow it. Change that in its settings for this page, beside the address.'}
					</p>
				</section>
			</Show>
			<section>
				<h3>Pictures</h3>
				<label class="setting-row">
					<span>
						<span class="setting-name">Small picture first</span>
						<span class="setting-hint">
							A blurred one goes with the message, encrypted, and is seen until the picture is
							there. Some other apps show it as a jumble of letters.
						</span>
					</span>
					<select
						class="setting-select"
						data-testid="thumbnails"
						onChange={(event) =>
							props.messenger.changeSettings({
								thumbnails: event.currentTarget.value as (typeof THUMBNAILS)[number][0],
							})
						}
					>
						<For each={THUMBNAILS}>
							{([value, label]) => (
								<option
									value={value}
									selected={props.messenger.state.settings.thumbnails === value}
								>
									{label}
								</option>
							)}
						</For>
					</select>
				</label>
			</section>
			<section>
				<h3>Password</h3>
				<ChangePassword messenger={props.messenger} />
			</section>
			<section>
				<h3>Leave</h3>
				<div class="dialog-buttons">
					<button
						type="button"
						class="button plain"
						data-testid="sign-out"
						onClick={() => setLeaving(true)}
					>
						Sign out
					</button>
					<button
						type="button"
						class="button danger"
						data-testid="erase"
						onClick={() => setAsks(true)}
					>
						Erase everything
					</button>
				</div>
			</section>
			<Show when={isLeaving()}>
				<Ask
					title="Sign out?"
					testid="ask-sign-out"
					yes="Sign out"
					yesTestid="confirm-sign-out"
					no="Stay"
					onYes={() => void props.session.signOut()}
					onClose={() => setLeaving(false)}
				>
					Your password is forgotten here, and files and recordings that you have not sent are gone.
					Messages, files and keys stay on this device. Nobody sees them in Balcony until you sign
					in again.
				</Ask>
			</Show>
			<Show when={asks()}>
				<Ask
					title="Erase everything?"
					testid="ask-erase"
					yes={isErasing() ? 'Erasing…' : 'Erase everything'}
					yesTestid="confirm-erase"
					isDanger
					no="Keep it"
					onYes={() => {
						if (!isErasing()) void props.session.erase();
						setIsErasing(true);
					}}
					onClose={() => setAsks(false)}
				>
					Messages, files and keys on this device will be gone. Encrypted messages cannot be fetched
					again. The device is taken off your account if there is a connection.
				</Ask>
			</Show>
		</Dialog>
	);
}
