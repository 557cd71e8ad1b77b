import { execFileSync } from 'node:child_process';

/** A JPEG of so many pixels, no two alike: `hue` in degrees. Noise makes it as large as a camera's. */
export function photo(width: number, height: number, hue = 0): Buffer {
	const source = `testsrc2=s=${width}x${height}:d=1,hue=h=${hue},noise=alls=12:allf=t`;
	return execFileSync(
		'ffmpeg',
		[
			...['-v', 'error', '-f', 'lavfi', '-i', source, '-frames:v', '1'],
			...['-q:v', '5', '-f', 'mjpeg', '-'],
		],
		{ maxBuffer: 2 ** 26 },
	);
}

/** The same picture, said to be turned by a quarter (EXIF orientation 6). */
export function turned(jpeg: Buffer): Buffer {
	const tiff = '4d4d002a00000008000101120003000000010006000000000000';
	const exif = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), Buffer.from(tiff, 'hex')]);
	const head = Buffer.from([0xff, 0xe1, 0, exif.length + 2]);
	return Buffer.concat([jpeg.subarray(0, 2), head, exif, jpeg.subarray(2)]);
}
