import { describe, expect, it } from 'vitest';
import { fits, gate } from '../../../sw/gate.ts';

const ask = (destination: string, more: Partial<Parameters<typeof gate>[0]> = {}) =>
	gate({ method: 'GET', mode: 'no-cors', destination, hasToken: false, ...more });

describe('gate', () => {
	it('shows media to media elements and to the app', () => {
		for (const destination of ['image', 'audio', 'video', ''])
			expect(ask(destination)).toBe('show');
	});
	it('saves for documents and frames with a token, and only then', () => {
		for (const destination of ['document', 'iframe']) {
			expect(ask(destination)).toBe('refuse');
			expect(ask(destination, { hasToken: true })).toBe('save');
			expect(ask(destination, { hasToken: true, method: 'HEAD' })).toBe('refuse');
		}
	});
	it('refuses all else, and every method that could change something', () => {
		const others = [
			'script',
			'worker',
			'sharedworker',
			'serviceworker',
			'style',
			'object',
			'embed',
			'font',
		];
		for (const destination of [
			...others,
			'track',
			'manifest',
			'xslt',
			'report',
			'frame',
			'paintworklet',
		])
			for (const hasToken of [true, false]) expect(ask(destination, { hasToken })).toBe('refuse');
		for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS'])
			expect(ask('image', { method })).toBe('refuse');
		expect(ask('', { mode: 'navigate' })).toBe('refuse');
	});
	it('gives a decoder only what is for it', () => {
		expect(fits('image', { kind: 'image' })).toBe(true);
		for (const kind of ['audio', 'video', 'file'] as const)
			expect(fits('image', { kind })).toBe(false);
		for (const kind of ['image', 'file'] as const) expect(fits('video', { kind })).toBe(false);
		expect(fits('audio', { kind: 'video' })).toBe(true);
	});
});
