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
/** As the README advises; Prosody by itself gives 50 messages at a time. */
const LARGE_PAGES = 'max_archive_query_results = 250';
const GOALS: Record<string, string> = { chromium: '<=2.0', webkit: '<=3.0' };

/** Milliseconds: to be caught up, and of what nobody can do without, see catch-up-page.ts. */
interface Time {
	readonly whole: number;
	readonly fetching: number;
	readonly parsing: number;
	readonly floor: number;
}

interface Offered {
	catchingUp: {
		enrol(account: string, password: string, url: string): Promise<void>;
		catchUp(...args: [string, string, string, string, string]): Promise<number>;
		floor(...args: [string, string, string, string]): Promise<Omit<Time, 'whole'>>;
	};
}

/**
 * 1,000 encrypted messages in the archive of a real Prosody: fetched, decrypted, kept and shown after an absence, from
 * signing in to the last of them on the screen's list: against parsing and decrypting the same stanzas one after the other in
 * the same page, and against parsing them alone.
 */
export async function catchUpRows(engine: string): Promise<Row[]> {
	const goal = GOALS[engine] ?? 'reported';
	const rows =
		(times: readonly Time[]) =>
		(name: string, unit: string, aim: string, value: (time: Time) => number) =>
			rowOf(name, engine, unit, aim, times.map(value));
	const asInstalled = rows(await measure(engine, ''));
	const asAdvised = rows(await measure(engine, LARGE_PAGES));
	return [
		asInstalled('catch_up_1000_vs_floor', 'ratio', goal, ({ whole, floor }) => whole / floor),
		asInstalled(
			'catch_up_1000_msgs_vs_parse',
			'ratio',
			'reported',
			(time) => time.whole / time.parsing,
		),
		asInstalled(
			'catch_up_1000_vs_fetch',
			'ratio',
			'reported',
			(time) => time.whole / time.fetching,
		),
		asInstalled('catch_up_1000_ms', 'ms', '<=1500', ({ whole }) => whole),
		asAdvised(
			'catch_up_1000_large_pages_vs_floor',
			'ratio',
			goal,
			({ whole, floor }) => whole / floor,
		),
		asAdvised('catch_up_1000_large_pages_ms', 'ms', '<=1500', ({ whole }) => whole),
	];
}

async function measure(engine: string, globals: string): Promise<Time[]> {
	const folder = mkdtempSync(path.join(tmpdir(), 'balcony-prosody-'));
	const users = Array.from({ length: ROUNDS }, (_, round) => `alice${round}`);
	const accounts = [...users, 'bob'].map((user) => ({ user, password: user }));
	const prosody = await startProsody({ folder, accounts, globals });
	const { tab, close } = await openPageScript(engine, 'tests/bench/catch-up-page.ts');
	const url = prosody.websocket;
	const bob = makeMessenger(
		createMemoryVault(),
		{ account: 'bob@localhost', password: 'bob', url },
		{ online: () => undefined, refused: () => undefined },
	);
	try {
		const times: Time[] = [];
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
			const floor = await tab.evaluate(
				(...args) => (globalThis as unknown as Offered).catchingUp.floor(...args),
				account,
				user,
				url,
				last,
			);
			times.push({ whole, ...floor });
		}
		return times;
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
