import { expect, it } from 'vitest';
import type { OmemoErrorCode } from '../../../../src/omemo/omemo-error.ts';
import { problemText, waitingText } from '../../../../src/ui/conversation/problem-text.ts';

/** All that can go wrong with encryption. */
const CODES: Record<OmemoErrorCode, true> = {
	'element-invalid': true,
	'not-for-us': true,
	'session-broken': true,
	duplicate: true,
	'payload-invalid': true,
	'no-devices': true,
	'no-trusted-devices': true,
	unavailable: true,
};

it.each([...Object.keys(CODES), 'internal', 'stream-ended', 'too-long', 'storage-full'])(
	'says what %s means',
	(problem) => {
		expect(problemText(problem)).not.toBe(problemText('something new'));
	},
);

it('says nothing wrong where a server names a condition that JavaScript knows', () => {
	expect(problemText('constructor')).toBe(problemText('something new'));
	expect(waitingText('constructor')).toBe(waitingText('something new'));
});

it('says of a repetition that it is one', () => {
	expect(problemText('duplicate')).toBe(
		"This message can't be decrypted: its key was used before.",
	);
});
