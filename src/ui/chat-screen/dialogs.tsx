import { Match, Switch } from 'solid-js';
import type { Session } from '../../chat/account/account-session.ts';
import type { Messenger } from '../../chat/account/messenger.ts';
import type { MediaLibrary } from '../../chat/files/media-library.ts';
import { AccountDialog } from '../account/account-dialog.tsx';
import { AddContact } from '../contact/add-contact.tsx';
import { ContactDetails } from '../contact/contact-details.tsx';
import { ContactMedia } from '../contact/contact-media.tsx';
import { DevicesRead } from '../contact/devices-read.tsx';
import { OwnCode } from '../contact/own-code.tsx';
import { VerifyByCode } from '../contact/verify-by-code.tsx';
import { SettingsDialog } from '../settings/settings-dialog.tsx';
import type { ShownDialog } from './dialog-stack.ts';

export { HandedOver } from './handed-over.tsx';

/** The dialog on top. */
export function Dialogs(props: {
	messenger: Messenger;
	session: Session;
	library: MediaLibrary;
	shown: ShownDialog;
	/** the conversation that is open */
	peer: string | undefined;
	onOver: (dialog: ShownDialog) => void;
	/** Opens a conversation. */
	onOpen: (jid: string) => void;
	onLinks: () => void;
	/** Shows a message of the conversation. */
	onShow: (key: string) => void;
	onClose: () => void;
}) {
	const shown = <Kind extends ShownDialog['kind']>(kind: Kind) =>
		props.shown.kind === kind ? (props.shown as ShownDialog & { kind: Kind }) : undefined;
	return (
		<Switch>
			<Match when={shown('account')}>
				{(account) => (
					<DevicesRead devices={props.messenger.devices} jid={props.messenger.state.account}>
						{(devices) => (
							<AccountDialog
								state={props.messenger.state}
								people={props.messenger.people}
								devices={props.messenger.devices}
								changeSettings={props.messenger.changeSettings}
								changePassword={props.messenger.changePassword}
								readDevices={devices}
								session={props.session}
								at={account().at}
								onLinks={props.onLinks}
								onSettings={() => props.onOver({ kind: 'settings' })}
								onCode={() => props.onOver({ kind: 'code' })}
								onVerify={() => props.onOver({ kind: 'verify-own' })}
								onClose={props.onClose}
							/>
						)}
					</DevicesRead>
				)}
			</Match>
			<Match when={shown('settings')}>
				<SettingsDialog library={props.library} onClose={props.onClose} />
			</Match>
			<Match when={shown('storage')}>
				<SettingsDialog library={props.library} at="storage" onClose={props.onClose} />
			</Match>
			<Match when={shown('code')}>
				<OwnCode
					state={props.messenger.state}
					devices={props.messenger.devices}
					onClose={props.onClose}
				/>
			</Match>
			<Match when={shown('verify-own')}>
				<VerifyByCode
					devices={props.messenger.devices}
					jid={props.messenger.state.account}
					onClose={props.onClose}
				/>
			</Match>
			<Match when={shown('add')}>
				<AddContact
					state={props.messenger.state}
					people={props.messenger.people}
					devices={props.messenger.devices}
					onOpen={props.onOpen}
					onClose={props.onClose}
				/>
			</Match>
			<Match when={shown('details') && props.peer} keyed>
				{(jid) => (
					<DevicesRead devices={props.messenger.devices} jid={jid}>
						{(devices) => (
							<ContactDetails
								state={props.messenger.state}
								chats={props.messenger.chats}
								people={props.messenger.people}
								devices={props.messenger.devices}
								readDevices={devices}
								peer={jid}
								at={shown('details')?.at}
								onVerify={() => props.onOver({ kind: 'verify' })}
								onMedia={() => props.onOver({ kind: 'media' })}
								onClose={props.onClose}
							/>
						)}
					</DevicesRead>
				)}
			</Match>
			<Match when={shown('media') && props.peer} keyed>
				{(jid) => (
					<ContactMedia
						state={props.messenger.state}
						files={props.messenger.files}
						library={props.library}
						peer={jid}
						onShow={props.onShow}
						onClose={props.onClose}
					/>
				)}
			</Match>
			<Match when={shown('verify') && props.peer} keyed>
				{(jid) => (
					<VerifyByCode devices={props.messenger.devices} jid={jid} onClose={props.onClose} />
				)}
			</Match>
		</Switch>
	);
}
