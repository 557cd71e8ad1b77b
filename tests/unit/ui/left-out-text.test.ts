import { expect, it } from 'vitest';
import {
	deviceText,
	messageLeftOutText,
	ownDevicesText,
	ownUnverifiedText,
	theirDevicesText,
	theirUnverifiedText,
} from '../../../src/ui/contact/left-out-text.ts';

it('says how many devices of whom cannot read what is written', () => {
	const said = (theirs: number, own: number) => theirDevicesText(theirs, own).join('Anna');
	expect(said(1, 0)).toBe("One of Anna’s devices can't read your new messages right now.");
	expect(said(3, 1)).toBe(
		"3 of Anna’s devices and one of your own can't read your new messages right now.",
	);
	expect(ownDevicesText(2)).toBe("2 of your own devices can't read your new messages right now.");
});

it('says how many devices of whom wait to be verified', () => {
	expect(`Anna${theirUnverifiedText(1)}`).toBe(
		"Anna has a new device that can't read what you write until you verify it.",
	);
	expect(`Anna${theirUnverifiedText(3)}`).toBe(
		"Anna has 3 new devices that can't read what you write until you verify them.",
	);
	expect(ownUnverifiedText(1)).toBe(
		"A new device of yours can't read your messages until you verify it.",
	);
	expect(ownUnverifiedText(2)).toBe(
		"2 new devices of yours can't read your messages until you verify them.",
	);
});

it('says of one message for how many devices it was not encrypted', () => {
	const said = (theirs: number, own: number) => messageLeftOutText(theirs, own).join('Anna');
	expect(said(1, 0)).toBe('Not encrypted for 1 of Anna’s devices');
	expect(said(0, 1)).toBe('Not encrypted for 1 of your devices');
	expect(said(2, 1)).toBe('Not encrypted for 2 of Anna’s devices and 1 of yours');
});

it('says why messages are not encrypted for a device, and what to do', () => {
	expect(deviceText('missing')).toBe(
		'It has not published a key – your messages are not encrypted for this device. Balcony tries again automatically.',
	);
	expect(deviceText('other-key')).toBe(
		'Its server provides a different key – your messages are not encrypted for this device. Compare fingerprints before you trust it.',
	);
});
