import type { DeviceInfo } from '../../chat/account/messenger.ts';

/** Why a device cannot read what is written now. */
const REASONS: Record<NonNullable<DeviceInfo['leftOut']>, string> = {
	passing: 'Not reachable right now',
	refused: "Its server won't provide its key",
	missing: 'It has not published a key',
	invalid: 'Its key is damaged',
	'other-key': 'Its server provides a different key',
};

/** The line below a device that messages are not encrypted for. */
export function deviceText(reason: NonNullable<DeviceInfo['leftOut']>): string {
	const wayOn =
		reason === 'other-key'
			? 'Compare fingerprints before you trust it.'
			: 'Balcony tries again automatically.';
	return `${REASONS[reason]} – your messages are not encrypted for this device. ${wayOn}`;
}

/** The line above the composer where devices of a contact wait to be verified: after the contact's name. */
export function theirUnverifiedText(count: number): string {
	const devices = count === 1 ? 'a new device' : `${count} new devices`;
	return ` has ${devices} that can't read what you write until you verify ${it(count)}.`;
}

/** The same of our own devices. */
export function ownUnverifiedText(count: number): string {
	const devices = count === 1 ? 'A new device of yours' : `${count} new devices of yours`;
	return `${devices} can't read your messages until you verify ${it(count)}.`;
}

/** The line above the composer where devices of a contact, and of our own, are left out: before their name, and after it. */
export function theirDevicesText(theirs: number, own: number): readonly [string, string] {
	const ours = own === 0 ? '' : ` and ${number(own)} of your own`;
	return [
		`${capital(number(theirs))} of `,
		`’s devices${ours} can't read your new messages right now.`,
	];
}

/** The same where it is our own devices alone. */
export function ownDevicesText(own: number): string {
	return `${capital(number(own))} of your own devices can't read your new messages right now.`;
}

/** The line in the menu of a message that was not encrypted for some devices: before the contact's name, and after it. */
export function messageLeftOutText(theirs: number, own: number): readonly [string, string?] {
	if (theirs === 0) return [`Not encrypted for ${own} of your devices`];
	const ours = own === 0 ? '' : ` and ${own} of yours`;
	return [`Not encrypted for ${theirs} of `, `’s devices${ours}`];
}

function it(count: number): string {
	return count === 1 ? 'it' : 'them';
}

function number(count: number): string {
	return count === 1 ? 'one' : String(count);
}

function capital(word: string): string {
	return word.charAt(0).toUpperCase() + word.slice(1);
}
