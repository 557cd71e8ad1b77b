import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePageMessage, parseWorkerMessage } from '../../../../src/core/http/page-messages.ts';
import { codeOf } from '../support.ts';

const id = '0123456789abcdef0123456789abcdef';
const status = { id, state: 'loading', counted: 0, verifying: false, sequential: false };
const full = {
	...status,
	size: 12,
	type: 'video/mp4',
	label: 'Video',
	error: 'busy',
	detail: { status: 429, retryAfter: 3 },
};
const strangers: readonly unknown[] = [
	undefined,
	null,
	0,
	'watch',
	true,
	[],
	{},
	['watch', id],
	{ kind: 7 },
	{ kind: null },
	{ kind: 'unknown', id },
	{ kind: 'toString', id },
	{ kind: '__proto__', id },
];

describe('parsePageMessage', () => {
	it.each(['watch', 'prime', 'verify', 'keep', 'cancel', 'retry', 'forget'])(
		'admits %s',
		(kind) => {
			expect(parsePageMessage({ kind, id })).toEqual({ kind, id });
		},
	);

	it.each(['ping', 'forget-all'])('admits %s', (kind) => {
		expect(parsePageMessage({ kind })).toEqual({ kind });
	});

	it('drops what does not belong', () => {
		expect(parsePageMessage({ kind: 'watch', id, key: 'x' })).toEqual({ kind: 'watch', id });
		expect(parsePageMessage({ kind: 'ping', id })).toEqual({ kind: 'ping' });
	});

	it.each([
		...strangers,
		{ kind: 'watch' },
		{ kind: 'watch', id: 1 },
		{ kind: 'watch', id: [id] },
		{ kind: 'watch', id: '' },
		{ kind: 'watch', id: id.toUpperCase() },
		{ kind: 'watch', id: `${id}\n` },
		{ kind: 'watch', id: '../etc' },
		{ kind: 'status', status },
		{ kind: 'need-record', id },
	])('refuses %j', (data) => {
		expect(codeOf(() => parsePageMessage(data))).toBe('message-invalid');
	});
});

describe('parseWorkerMessage', () => {
	it.each([
		'idle',
		'loading',
		'unverified',
		'verified',
		'tampered',
		'expired',
		'blocked',
		'failed',
	])('admits the state %s', (state) => {
		const message = { kind: 'status', status: { ...status, state } };
		expect(parseWorkerMessage(message)).toEqual(message);
	});

	it('admits all that a status may say', () => {
		expect(parseWorkerMessage({ kind: 'status', status: full })).toEqual({
			kind: 'status',
			status: full,
		});
	});

	it('admits need-record', () => {
		expect(parseWorkerMessage({ kind: 'need-record', id, x: 1 })).toEqual({
			kind: 'need-record',
			id,
		});
	});

	it.each([
		...strangers,
		{ kind: 'need-record' },
		{ kind: 'need-record', id: 'x' },
		{ kind: 'status' },
		{ kind: 'status', id },
		{ kind: 'status', status: null },
		{ kind: 'status', status: { ...status, id: 'x' } },
		{ kind: 'status', status: { ...status, state: 'playing' } },
		{ kind: 'status', status: { ...status, state: undefined } },
		{ kind: 'status', status: { ...status, counted: -1 } },
		{ kind: 'status', status: { ...status, counted: Number.NaN } },
		{ kind: 'status', status: { ...status, counted: '1' } },
		{ kind: 'status', status: { ...status, verifying: undefined } },
		{ kind: 'status', status: { ...status, sequential: 1 } },
		{ kind: 'status', status: { ...full, size: Number.POSITIVE_INFINITY } },
		{ kind: 'status', status: { ...full, type: 1 } },
		{ kind: 'status', status: { ...full, label: {} } },
		{ kind: 'status', status: { ...full, error: null } },
		{ kind: 'status', status: { ...full, detail: 'x' } },
		{ kind: 'watch', id },
		{ kind: 'ping' },
	])('refuses %j', (data) => {
		expect(codeOf(() => parseWorkerMessage(data))).toBe('message-invalid');
	});
});

describe('both', () => {
	it('answer anything with a message or message-invalid', () => {
		fc.assert(
			fc.property(fc.anything({ withNullPrototype: true }), (data) => {
				expect([undefined, 'message-invalid']).toContain(codeOf(() => parsePageMessage(data)));
				expect([undefined, 'message-invalid']).toContain(codeOf(() => parseWorkerMessage(data)));
			}),
			{ numRuns: 500 },
		);
	});
});
