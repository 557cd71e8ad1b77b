import { readdirSync, readFileSync } from 'node:fs';

/** A process and all that descend from it (Linux: read from /proc). */
export function descendantsOf(root: number): number[] {
	const children = new Map<number, number[]>();
	for (const name of readdirSync('/proc')) {
		if (!/^\d+$/.test(name)) continue;
		const parent = Number(read(`/proc/${name}/stat`).replace(/^.*\) \S+ (\d+).*$/s, '$1'));
		children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
	}
	const found = [root];
	for (const pid of found) found.push(...(children.get(pid) ?? []));
	return found;
}

/** Proportional set size in bytes; 0 for a process that has ended. */
export function proportionalSize(pid: number): number {
	return rolledUp(pid, 'Pss');
}

/** The part of it that has been written to, in bytes: what the kernel cannot drop and read from a file again. */
export function writtenSize(pid: number): number {
	return rolledUp(pid, 'Pss_Dirty');
}

function rolledUp(pid: number, field: string): number {
	const line = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(read(`/proc/${pid}/smaps_rollup`));
	return Number(line?.[1] ?? 0) * 1024;
}

function read(file: string): string {
	try {
		return readFileSync(file, 'latin1');
	} catch {
		return '';
	}
}
