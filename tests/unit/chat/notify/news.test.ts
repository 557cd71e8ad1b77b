import { expect, it } from 'vitest';
import { blank, blankGroup, type Conversation } from '../../../../src/chat/model/conversation.ts';
import { newsSince } from '../../../../src/chat/notify/news.ts';

const BOB = 'bob@b.example';
const EVE = 'eve@e.example';
const MALLORY = 'mallory@e.example';
const ROOM = 'room@muc.example';
const unread = (peer: string, count: number, more: Partial<Conversation> = {}): Conversation =>
	({ ...blank(peer), unread: count, ...more }) as Conversation;
const request = (peer: string, count: number) => unread(peer, count, { isRequest: true });
const peers = (list: readonly Conversation[]) => list.map(({ peer }) => peer);

it('what was missed before the first look is told of nowhere', () => {
	const news = newsSince(undefined, [unread(BOB, 3), request(EVE, 1)], false);
	expect([peers(news.messages), news.request]).toEqual([[], undefined]);
});

it('tells of each conversation that has more unread, a group, too', () => {
	const known = new Map([
		[BOB, 1],
		[ROOM, 0],
	]);
	const room = { ...blankGroup(ROOM), unread: 1 };
	const news = newsSince(known, [unread(BOB, 1), room, unread('new@b.example', 1)], false);
	expect(peers(news.messages)).toEqual([ROOM, 'new@b.example']);
});

it('a stranger who writes more, or from more addresses, is told of once', () => {
	const first = newsSince(new Map(), [request(EVE, 1), request(MALLORY, 1)], false);
	expect([first.request, peers(first.messages)]).toEqual([EVE, []]);
	const known = new Map([[EVE, 1]]);
	expect(newsSince(known, [request(EVE, 2)], false).request).toBeUndefined();
	expect(newsSince(known, [request(EVE, 1), request(MALLORY, 1)], true).request).toBeUndefined();
});

it('what is read has no notice any more', () => {
	const news = newsSince(new Map([[BOB, 2]]), [unread(BOB, 0), request(EVE, 0)], true);
	expect(news).toMatchObject({ read: [BOB, EVE], isRequestGone: true });
	expect(newsSince(new Map(), [request(EVE, 1)], true).isRequestGone).toBe(false);
});
