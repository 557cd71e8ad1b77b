import { existsSync } from 'node:fs';

const PLACES = ['/usr/sbin/nginx', '/usr/bin/nginx', '/opt/homebrew/bin/nginx'];

export const NGINX = PLACES.find(existsSync) ?? 'nginx';
/** Folders that nginx writes to, in one that a test may fill. */
export const temporaryFolders = (folder: string) =>
	['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
		.map((name) => `${name}_temp_path ${folder}/${name};`)
		.join(' ');
