import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import path from 'node:path';

/** Living processes of a group whose command line contains a text (Linux: read from /proc). */
export function processesOf(group: number, command = ''): number[] {
	return readdirSync('/proc')
		.filter((name) => /^\d+$/.test(name))
		.filter((pid) => {
			const [state, , of] = quietly(() => readFileSync(`/proc/${pid}/stat`, 'latin1'), '')
				.replace(/^.*\) /s, '')
				.split(' ');
			const line = quietly(() => readFileSync(`/proc/${pid}/cmdline`, 'latin1'), '');
			return Number(of) === group && state !== 'Z' && line.includes(command);
		})
		.map(Number);
}

/** Whether a process of the group still has a file open. */
export function isOpenIn(group: number, file: string): boolean {
	return processesOf(group).some((pid) => {
		const folder = `/proc/${pid}/fd`;
		return quietly(() => readdirSync(folder), []).some(
			(fd) => quietly(() => readlinkSync(path.join(folder, fd)), '') === file,
		);
	});
}

/** The names of a process's threads. */
export function threadsOf(pid: number): string[] {
	const folder = `/proc/${pid}/task`;
	return quietly(() => readdirSync(folder), []).map((id) =>
		quietly(() => readFileSync(path.join(folder, id, 'comm'), 'utf8').trim(), ''),
	);
}

/** Processes come and go while they are looked at. */
function quietly<T>(read: () => T, otherwise: T): T {
	try {
		return read();
	} catch {
		return otherwise;
	}
}
