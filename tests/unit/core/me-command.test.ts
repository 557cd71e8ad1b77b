import { expect, it } from 'vitest';
import { actionOf } from '../../../src/core/text/me-command.ts';

it('a text that begins with /me says what its sender does', () => {
	expect(actionOf('/me waves', 'Anna')).toBe('Anna waves');
	expect(actionOf('/me \nwaves', 'Anna')).toBe('Anna \nwaves');
});

it.each(['/me', '/mean', ' /me waves', '/Me waves', 'a /me b', '> /me waves', '//me waves', ''])(
	'%j is a text like any other',
	(text) => expect(actionOf(text, 'Anna')).toBeUndefined(),
);
