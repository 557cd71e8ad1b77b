/**
 * `npm run stanza -- ben '<message to="anna@localhost" type="headline">…</message>'`: sends it from an account of `npm run dev`,
 * and prints what the server answers. `--xmpp-port` where that is another.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startRawClient } from '../tests/interop/raw-client.ts';
import { ACCOUNTS } from './beside-the-app.ts';

const ANSWER_TIME = 1000;

const { values, positionals } = parseArgs({
	allowPositionals: true,
	options: { 'xmpp-port': { type: 'string', default: process.env['XMPP_PORT'] ?? '4175' } },
});
const [user = '', xml = ''] = positionals;
const account = Object.values(ACCOUNTS).find((known) => known.user === user);
if (account === undefined || xml === '') {
	console.error(`Usage: npm run stanza -- anna|ben '<message to="…">…</message>'`);
	process.exit(2);
}

const websocket = `ws://localhost:${values['xmpp-port']}/xmpp-websocket`;
const client = await startRawClient({ websocket }, account.user, account.password);
client.listen((answer) => {
	// Elements of the stream are no answers.
	if (/^<(?:message|presence|iq)\b/.test(answer)) console.log(answer);
});
// In a WebSocket each stanza names its namespace (RFC 7395 section 3.3.3).
client.send(xml.replace(/^<\w+(?![^>]*\sxmlns=)/, '$& xmlns="jabber:client"'));
await wait(ANSWER_TIME);
client.close();
