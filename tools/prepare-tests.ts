/** Makes sure that what the tests drive is installed: installs Debian's packages when it may, else says what to do. */
import { existsSync } from 'node:fs';
import { chromium, webkit } from '@playwright/test';
import { hasProgram, installPackages, mayInstall } from './debian-packages.ts';
import { hasEjabberd } from './ejabberd.ts';

interface Need {
	readonly what: string;
	readonly packages: readonly string[];
	isThere(): boolean;
}

const GSTREAMER = '/usr/lib/x86_64-linux-gnu/gstreamer-1.0';
const hasWebkit = existsSync(webkit.executablePath());

const NEEDS: readonly Need[] = [
	{
		what: 'Chromium',
		packages: ['chromium', 'chromium-headless-shell', 'fonts-dejavu-core'],
		isThere: () => existsSync(chromium.executablePath()) || hasProgram('chromium'),
	},
	{
		what: 'WebKit (WebKitGTK with its WebDriver)',
		packages: ['webkit2gtk-driver', 'xvfb', 'xauth'],
		isThere: () => hasWebkit || (hasProgram('WebKitWebDriver') && hasProgram('xvfb-run')),
	},
	{
		what: "WebKitGTK's bindings for Python",
		packages: ['python3-gi', 'gir1.2-webkit2-4.1'],
		isThere: () =>
			hasWebkit ||
			(existsSync('/usr/lib/python3/dist-packages/gi') &&
				existsSync('/usr/lib/x86_64-linux-gnu/girepository-1.0/WebKit2-4.1.typelib')),
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
		what: 'ejabberd',
		packages: ['ejabberd', 'erlang-p1-sqlite3'],
		// The tests know how Debian lays it out, and do without elsewhere.
		isThere: () => hasEjabberd() || !hasProgram('apt-get'),
	},
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
	if (!mayInstall()) giveUp(needs);
	console.log(`Installing for the tests: ${packages.join(' ')}`);
	installPackages(packages);
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
