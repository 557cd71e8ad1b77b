/** Makes sure that what the tests drive is installed: installs Debian's packages when it may, else says what to do. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chromium, webkit } from '@playwright/test';

interface Need {
	readonly what: string;
	readonly packages: readonly string[];
	isThere(): boolean;
}

const GSTREAMER = '/usr/lib/x86_64-linux-gnu/gstreamer-1.0';
const hasProgram = (name: string) => spawnSync('which', [name]).status === 0;
const hasWebkit = existsSync(webkit.executablePath());

const NEEDS: readonly Need[] = [
	{
		what: 'Chromium',
		packages: ['chromium', 'fonts-dejavu-core'],
		isThere: () => existsSync(chromium.executablePath()) || hasProgram('chromium'),
	},
	{
		what: 'WebKit (WebKitGTK with its WebDriver)',
		packages: ['webkit2gtk-driver', 'xvfb', 'xauth'],
		isThere: () => hasWebkit || (hasProgram('WebKitWebDriver') && hasProgram('xvfb-run')),
	},
	{
		what: 'media codecs for WebKitGTK',
		packages: ['base', 'good', 'bad']
			.map((set) => `gstreamer1.0-plugins-${set}`)
			.concat('gstreamer1.0-libav'),
		isThere: () =>
			hasWebkit ||
			['libgstlibav.so', 'libgstisomp4.so', 'libgstvideoparsersbad.so', 'libgstplayback.so'].every(
				(file) => existsSync(`${GSTREAMER}/${file}`),
			),
	},
	{ what: 'ffmpeg', packages: ['ffmpeg'], isThere: () => hasProgram('ffmpeg') },
	{ what: 'Prosody', packages: ['prosody'], isThere: () => hasProgram('prosody') },
	{
		what: 'Profanity, in tmux',
		packages: ['profanity', 'tmux'],
		isThere: () => hasProgram('profanity') && hasProgram('tmux'),
	},
	{
		what: 'nginx',
		packages: ['nginx-light'],
		isThere: () => hasProgram('nginx') || existsSync('/usr/sbin/nginx'),
	},
];

const missing = NEEDS.filter((need) => !need.isThere());
if (missing.length > 0) install(missing);

function install(needs: readonly Need[]): void {
	const packages = needs.flatMap((need) => need.packages);
	const sudo = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
	const mayInstall =
		hasProgram('apt-get') && (sudo.length === 0 || spawnSync('sudo', ['-n', 'true']).status === 0);
	if (!mayInstall) giveUp(needs);
	console.log(`Installing for the tests: ${packages.join(' ')}`);
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
			break;
		} catch (thrown) {
			if (tries > 0) console.error(thrown instanceof Error ? thrown.message : thrown);
		}
	}
	const still = NEEDS.filter((need) => !need.isThere());
	if (still.length > 0) giveUp(still);
}

function giveUp(needs: readonly Need[]): never {
	console.error('The tests need what is not installed here:');
	for (const { what, packages } of needs)
		console.error(`  ${what} (Debian: ${packages.join(' ')})`);
	console.error('On Debian or Ubuntu run this as root or with sudo. Elsewhere:');
	console.error('  npx playwright install --with-deps chromium webkit');
	console.error(
		'and install ffmpeg, nginx, prosody, profanity and tmux with your package manager.',
	);
	process.exit(1);
}
