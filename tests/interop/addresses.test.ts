import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseAddress } from '../../src/core/links/address.ts';
import { type Connection, makeConnection } from '../../src/xmpp/connection.ts';
import { listenTo } from '../../tools/listen-to.ts';
import { type ProsodyServer, startProsody } from '../../tools/prosody.ts';
import { until } from './until.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'balcony-prosody-'));
let server: ProsodyServer;

beforeAll(async () => {
	server = await startProsody({ folder });
}, 60_000);
afterAll(async () => {
	await server?.close();
	rmSync(folder, { recursive: true, force: true });
});

/** Signs in with an address as somebody types it; gives the one that the server binds. */
async function bind(typed: string): Promise<string> {
	let bound = '';
	let last = '';
	const connection: Connection = makeConnection({
		account: parseAddress(typed) ?? '',
		password: 'a secret',
		url: server.websocket,
		events: listenTo({
			state: (next) => {
				last = next;
			},
			bound: (address) => {
				bound = address;
			},
		}),
	});
	connection.connect('web');
	await until('an answer', () => last === 'online' || last === 'auth-failed');
	const answer = last === 'online' ? bound : last;
	await connection.close();
	return answer;
}

// Stringprep (RFC 6122 appendix A), as the server does it: whatever way an account is typed, it is the same one.
it.each([
	['a sharp s', 'straße', 'strasse'],
	['a final sigma', 'οδυσσεύς', 'οδυσσεύσ'],
	['a sigma within a word', 'ΣΊΣΥΦΟΣ', 'σίσυφοσ'],
	['a ligature', 'ﬁona', 'fiona'],
	['wide letters', 'ＷＩＤＥ', 'wide'],
	['letters and marks apart', 'rene\u0301e', 'renée'],
])('%s in an address is what the server makes of it', async (_, typed, written) => {
	await server.register({ user: written, password: 'a secret' });
	expect(await bind(`${typed}@localhost`)).toBe(`${written}@localhost`);
});
