import { existsSync, readFileSync, writeFileSync } from 'node:fs';

/** One measured figure: the median of its rounds, and their spread. */
export interface Row {
	readonly name: string;
	readonly browser: string;
	readonly value: number;
	readonly unit: string;
	/** what was aimed for, such as `<=1.25`, or `reported` */
	readonly goal: string;
	readonly min: number;
	readonly max: number;
	readonly rounds: number;
}

const FILE = 'tests/bench/results.json';

/** Sums rounds up. */
export function rowOf(
	name: string,
	browser: string,
	unit: string,
	goal: string,
	rounds: readonly number[],
): Row {
	const sorted = rounds.map((value) => Math.round(value * 100) / 100).sort((a, b) => a - b);
	return {
		name,
		browser,
		value: sorted[Math.floor(sorted.length / 2)] ?? Number.NaN,
		unit,
		goal,
		min: sorted[0] ?? Number.NaN,
		max: sorted.at(-1) ?? Number.NaN,
		rounds: sorted.length,
	};
}

/** Puts new rows in the place of older ones of the same name and browser. */
export function keepRows(rows: readonly Row[]): void {
	const before = existsSync(FILE) ? (JSON.parse(readFileSync(FILE, 'utf8')) as Row[]) : [];
	const isNew = (row: Row) =>
		rows.some(({ name, browser }) => name === row.name && browser === row.browser);
	const all = [...before.filter((row) => !isNew(row)), ...rows];
	all.sort((a, b) => a.browser.localeCompare(b.browser) || a.name.localeCompare(b.name));
	writeFileSync(FILE, `${JSON.stringify(all, null, '\t')}\n`);
}
