import { readFile } from 'node:fs/promises';

export const sample = (name: string): Promise<Buffer> => readFile(`samples/${name}`);

let long: Promise<Buffer> | undefined;

/** The video sample is short and so verified first: a longer one needs more bytes, here in a box that players skip. */
export function longVideo(): Promise<Buffer> {
	long ??= sample('evening.mp4').then((video) => {
		const padding = Buffer.alloc(3 * 2 ** 20);
		padding.writeUInt32BE(padding.length, 0);
		padding.write('free', 4, 'latin1');
		return Buffer.concat([video, padding]);
	});
	return long;
}
