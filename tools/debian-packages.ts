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

/**
 * Installs; meanwhile no package starts the server that it brings, on the ports that everyone uses. A policy that is
 * there already stays (Debian's invoke-rc.d(8)).
 */
const INSTALL = `
policy=/usr/sbin/policy-rc.d
if [ ! -e $policy ]; then
	trap 'rm -f $policy' EXIT
	trap 'exit 1' HUP INT TERM
	printf '#!/bin/sh\\nexit 101\\n' > $policy
	chmod 755 $policy
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq && apt-get install -y -qq --no-install-recommends "$@"
`;

/** Installs packages; mirrors fail now and then, so twice. What failed stands on the console. */
export function installPackages(packages: readonly string[]): void {
	const [program = '', ...args] = [...sudo, 'sh', '-c', INSTALL, 'install', ...packages];
	for (let tries = 0; tries < 2; tries++) {
		try {
			execFileSync(program, args, { stdio: ['ignore', 'ignore', 'inherit'] });
			return;
		} catch {
			// apt has said why; the error would say all that was run.
			if (tries > 0) console.error(`apt-get could not install ${packages.join(' ')}`);
		}
	}
}
