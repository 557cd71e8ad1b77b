import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Sound as ffmpeg makes it, with its options. */
export function sound(name: string, seconds: number, ...options: string[]): Buffer {
	const file = path.join(tmpdir(), `balcony-${process.pid}-${name}`);
	const source = ['-f', 'lavfi', '-i', `sine=frequency=300:duration=${seconds}`];
	execFileSync('ffmpeg', ['-v', 'error', '-y', ...source, ...options, file]);
	const bytes = readFileSync(file);
	rmSync(file);
	return bytes;
}
