import { createClient } from 'stanza';
import { expect, it } from 'vitest';
import { guardAgent } from '../../../src/xmpp/stanza-mends.ts';

it('a presence of a type that there is not calls no event of that name', () => {
	const agent = createClient({ jid: 'me@a.example' });
	guardAgent(agent);
	const called: string[] = [];
	for (const name of ['disconnected', 'auth:failed', 'subscribe'] as const)
		agent.on(name, () => called.push(name));
	for (const type of ['disconnected', 'auth:failed', 'subscribe'])
		agent.emit('presence', { from: 'eve@b.example', type } as never);
	expect(called).toEqual(['subscribe']);
});
