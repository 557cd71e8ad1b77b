// Cleans files by ours and by mediabunny, and says what each loses:
//   npx tsx tests/formats/try-mediabunny.ts [corpus | hostile | large | folder of files]
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { losses } from './compare.ts';
import { makeCorpus, makeLarge } from './corpus.ts';
import { makeHostile } from './hostile.ts';

/** Milliseconds after which a file counts as endless. */
const PATIENCE = 120_000;

interface Result {
	readonly said: string;
	readonly seconds: number;
	readonly memory: number;
}

const folder = mkdtempSync(path.join(tmpdir(), 'balcony-formats-'));
const [wanted = 'corpus'] = process.argv.slice(2);
const MAKERS: Record<string, (folder: string) => Iterable<string>> = {
	corpus: makeCorpus,
	hostile: makeHostile,
	large: makeLarge,
};
try {
	const files = MAKERS[wanted]?.(folder) ?? filesIn(wanted);
	for (const file of files)
		for (const by of ['ours', 'mediabunny']) {
			const to = path.join(folder, `${by}-${path.basename(file)}`);
			const { said, seconds, memory } = clean(by, file, to);
			const isCleaned = !/^(?:refused|failed|endless)/.test(said);
			const found = isCleaned && wanted !== 'hostile' ? losses(file, to) : [];
			const size = isCleaned ? statSync(to).size : 0;
			const text = [said, ...found].filter((part) => part !== '').join('; ');
			const cost = `${seconds.toFixed(1)} s, ${memory.toFixed(0)} MiB`;
			console.log(
				`| ${path.basename(file)} | ${by} | ${text || 'nothing lost'} | ${cost}, ${size} bytes |`,
			);
			rmSync(to, { force: true });
		}
} finally {
	rmSync(folder, { recursive: true });
}

function filesIn(name: string): string[] {
	return readdirSync(name).map((file) => path.join(name, file));
}

function clean(by: string, from: string, to: string): Result {
	const script = path.join(import.meta.dirname, 'clean-by.ts');
	const args = ['--import', 'tsx', script, by, from, to];
	try {
		const out = execFileSync(process.execPath, args, {
			encoding: 'utf8',
			timeout: PATIENCE,
			stdio: ['ignore', 'pipe', 'ignore'],
		});
		return JSON.parse(out.trim().split('\n').at(-1) ?? '') as Result;
	} catch (thrown) {
		const isEndless = (thrown as { code?: string }).code === 'ETIMEDOUT';
		return {
			said: isEndless ? 'endless' : 'failed: out of memory',
			seconds: PATIENCE / 1000,
			memory: 0,
		};
	}
}
