import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Driver, startDriver } from './webdriver.ts';

/** A driver with a home and a display of its own; it holds one session at a time, each with a fresh profile. */
export interface WebkitDriver extends Driver {
	/** the folder that its browsers save into */
	readonly downloads: string;
}

const idle: WebkitDriver[] = [];

/** Starting one takes most of a second, so they are kept for the next session until this process ends. */
export async function takeDriver(): Promise<WebkitDriver> {
	const driver = idle.pop();
	return driver?.running() === true ? driver : start();
}

/** What a browser needs to know of a home of its own, and of a machine without sound and screen. */
export function webkitEnvironment(home: string): Record<string, string> {
	return {
		HOME: home,
		XDG_CONFIG_HOME: path.join(home, '.config'),
		XDG_DATA_HOME: path.join(home, '.local', 'share'),
		XDG_CACHE_HOME: path.join(home, '.cache'),
		WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1',
		LIBGL_ALWAYS_SOFTWARE: '1',
		NO_AT_BRIDGE: '1',
		GST_PLUGIN_FEATURE_RANK:
			'alsasink:NONE,openalsink:NONE,pulsesink:NONE,osssink:NONE,oss4sink:NONE,jackaudiosink:NONE',
	};
}

export function giveBack(driver: WebkitDriver): void {
	idle.push(driver);
}

async function start(): Promise<WebkitDriver> {
	const home = mkdtempSync(path.join(tmpdir(), 'balcony-webkit-'));
	const config = path.join(home, '.config');
	const downloads = path.join(home, 'Downloads');
	mkdirSync(config);
	mkdirSync(downloads);
	writeFileSync(path.join(config, 'user-dirs.dirs'), `XDG_DOWNLOAD_DIR="${downloads}"\n`);
	const driver = await startDriver(
		['xvfb-run', '-a', '-s', '-screen 0 1400x1000x24', 'WebKitWebDriver'],
		webkitEnvironment(home),
		path.join(home, 'driver.log'),
	);
	process.once('exit', () => {
		driver.kill();
		rmSync(home, { recursive: true, force: true, maxRetries: 5 });
	});
	return { ...driver, downloads };
}
