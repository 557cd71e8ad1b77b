import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { makeMessenger } from '../../src/chat/account/messenger.ts';
import { createMemoryVault } from '../../src/vault/vault.ts';
import { startProsody } from '../../tools/prosody.ts';
import { openPageScript } from './page-script.ts';
import { type Row, rowOf } from './rows.ts';

const MESSAGES = 1000;
const ROUNDS = 5;

interface Offered {
	catchingUp: {
		enrol(account: string, password: string, url: string): Promise<void>;
		catchUp(...args: [string, string, string, string, string]): Promise<number>;
		parse(account: string, password: string, url: string): Promise<number>;
	};
}

/**
 * 1,000 encrypted messages in the archive of a real Prosody: fetched, decrypted, kept and shown after an absence, from
 * signing in to the last of them on the screen's list, against parsing the text of the same stanzas and nothing else.
 */
export async function catchUpRows(engine: string): Promise<Row[]> {
	const folder = mkdtempSync(path.join(tmpdir(), 'balcony-prosody-'));
	const users = Array.from({ length: ROUNDS }, (_, round) => `alice${round}`);
	const accounts = [...users, 'bob'].map((user) => ({ user, password: user }));
	const prosody = await startProsody({ folder, accounts });
	const { tab, close } = await openPageScript(engine, 'tests/bench/catch-up-page.ts');
	const url = prosody.websocket;
	const bob = makeMessenger(
		createMemoryVault(),
		{ account: 'bob@localhost', password: 'bob', url },
		{ online: () => undefined, refused: () => undefined },
	);
	try {
		const ratios: number[] = [];
		for (const user of users) {
			const account = `${user}@localhost`;
			await tab.evaluate(
				(...args) => (globalThis as unknown as Offered).catchingUp.enrol(...args),
				account,
				user,
				url,
			);
			for (let n = 1; n <= MESSAGES; n++)
				await bob.messages.send(
					account,
					`Message ${n} of ${MESSAGES}, as long as most messages are.`,
				);
			await until(async () => {
				await bob.chats.open(account);
				return bob.chats.timeline()?.state.messages.at(-1)?.state === 'sent';
			});
			const last = `Message ${MESSAGES} of ${MESSAGES}, as long as most messages are.`;
			const whole = await tab.evaluate(
				(...args) => (globalThis as unknown as Offered).catchingUp.catchUp(...args),
				account,
				user,
				url,
				'bob@localhost',
				last,
			);
			const parsing = await tab.evaluate(
				(...args) => (globalThis as unknown as Offered).catchingUp.parse(...args),
				account,
				user,
				url,
			);
			ratios.push(whole / parsing);
		}
		return [rowOf('catch_up_1000_msgs_vs_parse', engine, 'ratio', 'reported', ratios)];
	} finally {
		await bob.close();
		await close();
		await prosody.close();
		rmSync(folder, { recursive: true, force: true });
	}
}

async function until(look: () => Promise<boolean>): Promise<void> {
	while (!(await look())) await new Promise((resolve) => setTimeout(resolve, 50));
}
