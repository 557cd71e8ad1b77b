import { expect, it } from 'vitest';
import { loadLimitOf } from '../../../../src/chat/files/auto-load.ts';
import type { LoadRule } from '../../../../src/chat/model/conversation.ts';
import type { MediaKind } from '../../../../src/chat/model/media-kind.ts';

const ALL = Number.MAX_SAFE_INTEGER;

function limit(
	kind: MediaKind,
	given: {
		rule?: LoadRule;
		isHostKnown?: boolean;
		isMetered?: boolean;
		loadMetered?: boolean;
	} = {},
): number {
	const { rule = 'as-everywhere', isHostKnown = true, isMetered = false } = given;
	const { loadMetered = false } = given;
	const settings = { loadLimit: 1000, loadKinds: ['image', 'audio'] as const, loadMetered };
	return loadLimitOf(kind, { isHostKnown, settings, rule, isMetered });
}

it.each([
	['a kind that was chosen', limit('image'), 1000],
	['another', limit('video'), 0],
	['what is not known', limit('unknown'), 0],
	['all, where that was chosen', limit('video', { rule: 'always' }), ALL],
	['none, where that was chosen', limit('image', { rule: 'never' }), 0],
	[
		'none from a strange host, whatever was chosen',
		limit('image', { isHostKnown: false, rule: 'always' }),
		0,
	],
	['none where bytes cost', limit('image', { isMetered: true }), 0],
	[
		'none there either, where all was chosen',
		limit('image', { isMetered: true, rule: 'always' }),
		0,
	],
	[
		'some there, where that was chosen',
		limit('image', { isMetered: true, loadMetered: true }),
		1000,
	],
])('by itself loads %s', (_, found, wanted) => {
	expect(found).toBe(wanted);
});
