import { describe, expect, it } from 'vitest';
import { asMediaError, MediaError } from '../../../src/core/errors.ts';

describe('MediaError', () => {
	it('carries a code, a cause and details', () => {
		const cause = new TypeError('no network');
		const error = new MediaError('busy', { cause, detail: { status: 429, retryAfter: 7 } });
		expect(error).toBeInstanceOf(Error);
		expect(error.name).toBe('MediaError');
		expect(error.code).toBe('busy');
		expect(error.message).toBe('busy');
		expect(error.cause).toBe(cause);
		expect(error.detail).toEqual({ status: 429, retryAfter: 7 });
		expect(String(error)).toBe('MediaError: busy');
	});

	it('has no cause and no details unless given', () => {
		const error = new MediaError('tampered');
		expect('cause' in error).toBe(false);
		expect(error.detail).toEqual({});
		expect('cause' in new MediaError('internal', { cause: undefined })).toBe(true);
	});

	it('takes a text of its own', () => {
		expect(new MediaError('server', { message: 'said 500' }).message).toBe('said 500');
	});

	it('shows no cause when it is written down', () => {
		const error = new MediaError('internal', { cause: new Error('secret') });
		expect(JSON.stringify(error)).not.toContain('secret');
		expect(String(error)).not.toContain('secret');
		expect(Object.keys(error)).not.toContain('cause');
	});
});

describe('asMediaError', () => {
	it('keeps what is one', () => {
		const error = new MediaError('expired');
		expect(asMediaError(error)).toBe(error);
	});

	it.each([new TypeError('x'), 'text', undefined, null, 7, { code: 'expired' }])(
		'wraps %s as internal',
		(thrown) => {
			const error = asMediaError(thrown);
			expect(error.code).toBe('internal');
			expect(error.cause).toBe(thrown);
		},
	);
});
