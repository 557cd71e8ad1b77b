import { describe, expect, it } from 'vitest';
import { createRequests } from '../../../../src/chat/people/subscription-requests.ts';
import type { Contact } from '../../../../src/xmpp/roster.ts';

const BOB = 'bob@example.org';
const contact = (subscription: Contact['subscription'], isPending = false): Contact => ({
	jid: BOB,
	subscription,
	isPending,
});

function setUp() {
	let shown: readonly string[] = [];
	const accepted: string[] = [];
	const requests = createRequests({
		list: () => shown,
		show: (jids) => {
			shown = jids;
		},
		accept: (jid) => accepted.push(jid),
	});
	return { requests, accepted, shown: () => shown };
}

describe('requests', () => {
	it('of strangers are shown, once, until they are decided', () => {
		const { requests, accepted, shown } = setUp();
		requests.came(BOB);
		requests.came(BOB);
		requests.rosterSays([contact('none'), { ...contact('none', true), jid: 'eve@example.org' }]);
		expect(shown()).toEqual([BOB]);
		requests.decided(BOB);
		expect(shown()).toEqual([]);
		expect(accepted).toEqual([]);
	});

	it('that another device has accepted are shown no more', () => {
		for (const subscription of ['from', 'both'] as const) {
			const { requests, accepted, shown } = setUp();
			requests.came('eve@example.org');
			requests.came(BOB);
			requests.rosterSays([contact(subscription)]);
			expect(shown()).toEqual(['eve@example.org']);
			expect(accepted).toEqual([]);
		}
	});

	it('of strangers are remembered up to a number, of one server and of all', () => {
		const { requests, shown } = setUp();
		for (let n = 0; n < 60; n++) requests.came(`s${n}@evil.example`);
		expect(shown()).toHaveLength(50);
		for (let n = 0; n < 300; n++) requests.came(`s@s${n}.example`);
		expect(shown()).toHaveLength(200);
		requests.decided('s7@evil.example');
		requests.came(BOB);
		expect(shown()).toContain(BOB);
		expect(shown()).toHaveLength(200);
	});

	it('of whom we asked are accepted, once, also if they let us in first', () => {
		for (const between of [[], [contact('to')]]) {
			const { requests, accepted, shown } = setUp();
			requests.rosterSays([contact('none', true)]);
			requests.rosterSays(between);
			requests.came(BOB);
			expect(accepted).toEqual([BOB]);
			expect(shown()).toEqual([]);
			requests.came(BOB);
			expect(accepted).toEqual([BOB]);
			expect(shown()).toEqual([BOB]);
		}
	});

	it('that come before the roster are accepted when it says that we asked', () => {
		const { requests, accepted, shown } = setUp();
		requests.came(BOB);
		requests.rosterSays([contact('none', true)]);
		expect(accepted).toEqual([BOB]);
		expect(shown()).toEqual([]);
	});

	it('are shown again of who was let in and then shut out, or removed', () => {
		for (const isRemoved of [false, true]) {
			const { requests, accepted, shown } = setUp();
			requests.rosterSays([contact('none', true)]);
			if (isRemoved) requests.rosterSays([], [BOB]);
			else requests.rosterSays([contact('both')]);
			requests.came(BOB);
			expect(accepted).toEqual([]);
			expect(shown()).toEqual([BOB]);
		}
	});
});
