import { execFileSync, spawnSync } from 'node:child_process';

const sudo = process.getuid?.() === 0 ? [] : ['sudo', '-n'];

export function hasProgram(name: string): boolean {
	return spawnSync('which', [name]).status === 0;
}

/** Whether this is Debian or a child of it, and we are root or may become it without being asked. */
export function mayInstall(): boolean {
	return (
		hasProgram('apt-get') && (sudo.length === 0 || spawnSync('sudo', ['-n', 'true']).status === 0)
	);
}

/** Installs packages; mirrors fail now and then, so twice. What failed stands on the console. */
export function installPackages(packages: readonly string[]): void {
	const apt = (...args: string[]) => {
		const [program = '', ...rest] = [
			...sudo,
			'env',
			'DEBIAN_FRONTEND=noninteractive',
			'apt-get',
			...args,
		];
		execFileSync(program, rest, { stdio: ['ignore', 'ignore', 'inherit'] });
	};
	for (let tries = 0; tries < 2; tries++) {
		try {
			apt('update', '-qq');
			apt('install', '-y', '-qq', '--no-install-recommends', ...packages);
			return;
		} catch (thrown) {
			if (tries > 0) console.error(thrown instanceof Error ? thrown.message : thrown);
		}
	}
}
