import { createSignal, For, Show } from 'solid-js';
import type { Session } from '../../chat/account/account-session.ts';
import type { DeviceInfo } from '../../chat/account/messenger.ts';
import type { DevicesArea, PeopleArea } from '../../chat/account/messenger-areas.ts';
import type { AccountSettings } from '../../chat/model/account-settings.ts';
import type { MessengerState } from '../../chat/model/messenger-state.ts';
import { notifyPermission } from '../../chat/notify/notices.ts';
import { DeviceList } from '../contact/device-list.tsx';
import { Ask } from '../parts/ask.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Icon } from '../parts/icon.tsx';
import { ChangePassword } from './change-password.tsx';
import { OwnProfile } from './own-profile.tsx';
import { ERASE_WORDS, MISSING, NOTIFICATIONS, SIGN_OUT_WORDS, THUMBNAILS, WORDS } from './words.ts';
import '../settings/settings-dialog.css';

/** The account that is signed in, its devices, and the ways out. */
export function AccountDialog(props: {
	state: MessengerState;
	people: PeopleArea;
	devices: DevicesArea;
	readDevices: DeviceInfo[];
	session: Session;
	changeSettings: (patch: Partial<AccountSettings>) => Promise<void>;
	changePassword: (password: string) => Promise<void>;
	/** the section to show first */
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
		if (isAllowed) await props.changeSettings({ notifications });
		else field.value = props.state.settings.notifications;
	};
	return (
		<Dialog title={WORDS.title} testid="account-dialog" onClose={props.onClose}>
			<p data-testid="own-address">
				<bdi>{props.state.account}</bdi>
			</p>
			<div class="dialog-buttons">
				<button type="button" class="button" data-testid="show-code" onClick={props.onCode}>
					<Icon name="code" /> {WORDS.showCode}
				</button>
				<button type="button" class="button plain" data-testid="open-links" onClick={props.onLinks}>
					{WORDS.links}
				</button>
				<button
					type="button"
					class="button plain"
					data-testid="open-settings"
					onClick={props.onSettings}
				>
					<Icon name="settings" /> {WORDS.settings}
				</button>
			</div>
			<Show when={props.state.missing.length > 0}>
				<section data-testid="missing">
					<h3>{WORDS.missing}</h3>
					<ul>
						<For each={props.state.missing}>{(feature) => <li>{MISSING[feature]}</li>}</For>
					</ul>
				</section>
			</Show>
			<OwnProfile state={props.state} people={props.people} />
			<section>
				<h3>{WORDS.devices}</h3>
				<DeviceList
					read={props.readDevices}
					state={props.state}
					devices={props.devices}
					jid={props.state.account}
					focusFirstLeftOut={props.at === 'devices'}
				/>
				<div class="dialog-buttons">
					<button
						type="button"
						class="button plain"
						data-testid="verify-by-code"
						onClick={props.onVerify}
					>
						{WORDS.verify}
					</button>
				</div>
			</section>
			<Show when={notifyPermission()}>
				<section>
					<label class="setting-row">
						<span>
							<span class="setting-name">{WORDS.notifications}</span>
							<span class="setting-hint">{WORDS.notificationsHint}</span>
						</span>
						<select
							class="setting-select"
							data-testid="notifications"
							onChange={(event) => void setNotifications(event.currentTarget)}
						>
							<For each={NOTIFICATIONS}>
								{([value, label]) => (
									<option value={value} selected={props.state.settings.notifications === value}>
										{label}
									</option>
								)}
							</For>
						</select>
					</label>
					<p class="problem" role="alert">
						{isDenied() && WORDS.notificationsDenied}
					</p>
				</section>
			</Show>
			<section>
				<h3>{WORDS.photos}</h3>
				<label class="setting-row">
					<span>
						<span class="setting-name">{WORDS.thumbnails}</span>
						<span class="setting-hint">{WORDS.thumbnailsHint}</span>
					</span>
					<select
						class="setting-select"
						data-testid="thumbnails"
						onChange={(event) =>
							props.changeSettings({
								thumbnails: event.currentTarget.value as (typeof THUMBNAILS)[number][0],
							})
						}
					>
						<For each={THUMBNAILS}>
							{([value, label]) => (
								<option value={value} selected={props.state.settings.thumbnails === value}>
									{label}
								</option>
							)}
						</For>
					</select>
				</label>
			</section>
			<section>
				<h3>{WORDS.password}</h3>
				<ChangePassword change={props.changePassword} />
			</section>
			<section>
				<h3>{WORDS.leave}</h3>
				<div class="dialog-buttons">
					<button
						type="button"
						class="button plain"
						data-testid="sign-out"
						onClick={() => setLeaving(true)}
					>
						{WORDS.signOut}
					</button>
					<button
						type="button"
						class="button danger"
						data-testid="erase"
						onClick={() => setAsks(true)}
					>
						{WORDS.erase}
					</button>
				</div>
			</section>
			<Show when={isLeaving()}>
				<Ask
					title={SIGN_OUT_WORDS.title}
					testid="ask-sign-out"
					yes={WORDS.signOut}
					yesTestid="confirm-sign-out"
					no={SIGN_OUT_WORDS.no}
					onYes={() => void props.session.signOut()}
					onClose={() => setLeaving(false)}
				>
					{SIGN_OUT_WORDS.text}
				</Ask>
			</Show>
			<Show when={asks()}>
				<Ask
					title={ERASE_WORDS.title}
					testid="ask-erase"
					yes={isErasing() ? WORDS.erasing : WORDS.erase}
					yesTestid="confirm-erase"
					isDanger
					no={ERASE_WORDS.no}
					onYes={() => {
						if (!isErasing()) void props.session.erase();
						setIsErasing(true);
					}}
					onClose={() => setAsks(false)}
				>
					{ERASE_WORDS.text}
				</Ask>
			</Show>
		</Dialog>
	);
}
