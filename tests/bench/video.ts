import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type EncryptedFile, encryptFile } from '../../tools/encrypt-file.ts';
import { tagMovie } from '../tagged-bytes.ts';

/** A video on disk, plain and sealed. */
export interface BenchVideo {
	readonly plain: string;
	readonly sealed: string;
	readonly encrypted: Pick<EncryptedFile, 'bytes' | 'fragment'>;
}

/** The same with its index in front and a table of tags; plain, it has the table, too. */
export async function taggedVideo(): Promise<BenchVideo> {
	const { plain: movie } = await benchVideo('front');
	const encrypted = await tagMovie(readFileSync(movie));
	const plain = path.join(tmpdir(), 'balcony-bench-tagged.mp4');
	writeFileSync(plain, encrypted.plain);
	const sealed = `${plain}.sealed`;
	writeFileSync(sealed, encrypted.bytes);
	return { plain, sealed, encrypted };
}

/** A minute of 90 MB, H.264 and AAC, with its index in front or at the end; made once. */
export async function benchVideo(index: 'front' | 'end'): Promise<BenchVideo> {
	const plain = path.join(tmpdir(), `balcony-bench-${index}.mp4`);
	if (!existsSync(plain)) {
		const part = `${plain}.part.mp4`;
		execFileSync('ffmpeg', [
			...['-v', 'error', '-y', '-f', 'lavfi', '-i', 'testsrc2=s=1280x720:r=30:d=60'],
			...['-f', 'lavfi', '-i', 'sine=440:d=60', '-c:v', 'libx264', '-preset', 'ultrafast'],
			...['-b:v', '12M', '-minrate', '12M', '-maxrate', '12M', '-bufsize', '12M'],
			...['-x264-params', 'nal-hrd=cbr', '-g', '60', '-pix_fmt', 'yuv420p', '-c:a', 'aac'],
			...(index === 'front' ? ['-movflags', '+faststart'] : []),
			part,
		]);
		renameSync(part, plain);
	}
	const encrypted = await encryptFile(readFileSync(plain));
	const sealed = `${plain}.sealed`;
	writeFileSync(sealed, encrypted.bytes);
	return { plain, sealed, encrypted };
}
