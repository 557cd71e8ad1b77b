import { expect, it } from 'vitest';
import { createStreamSuspects } from '../../../../src/chat/messages/stream-suspects.ts';

it('the stanza at which the server ends the stream twice is guilty', () => {
	const suspects = createStreamSuspects();
	expect(suspects.ended('server', ['poison'])).toBeUndefined();
	expect(suspects.isCareful).toBe(true);
	expect(suspects.ended('server', ['poison'])).toBe('poison');
});

it('of several under way none is guilty before it was alone', () => {
	const suspects = createStreamSuspects();
	const all = ['a', 'poison', 'b'];
	expect(suspects.ended('server', all)).toBeUndefined();
	expect(suspects.ended('server', all)).toBeUndefined();
	suspects.clear('a');
	expect(suspects.isCareful).toBe(true);
	expect(suspects.ended('server', ['poison'])).toBe('poison');
	suspects.clear('poison');
	suspects.clear('b');
	expect(suspects.isCareful).toBe(false);
});

it('a broken line blames nobody soon, and whoever came through not at all', () => {
	const suspects = createStreamSuspects();
	for (let n = 0; n < 9; n++) expect(suspects.ended('line', ['a'])).toBeUndefined();
	expect(suspects.isCareful).toBe(true);
	suspects.clear('a');
	for (let n = 0; n < 9; n++) expect(suspects.ended('line', ['a'])).toBeUndefined();
	expect(suspects.ended('line', ['a'])).toBe('a');
});

it('a line that breaks while several are under way blames none of them, however often', () => {
	const suspects = createStreamSuspects();
	for (let n = 0; n < 50; n++) expect(suspects.ended('line', ['a', 'b'])).toBeUndefined();
	expect(suspects.ended('line', ['a'])).toBeUndefined();
	expect(suspects.ended('server', ['a'])).toBeUndefined();
});

it('what was seen before a reload counts', () => {
	const suspects = createStreamSuspects();
	suspects.remember('poison');
	expect(suspects.isCareful).toBe(true);
	expect(suspects.ended('server', ['poison'])).toBe('poison');
});

it('an end while nothing is under way means nothing', () => {
	const suspects = createStreamSuspects();
	for (let n = 0; n < 9; n++) expect(suspects.ended('server', [])).toBeUndefined();
	expect(suspects.isCareful).toBe(false);
});
