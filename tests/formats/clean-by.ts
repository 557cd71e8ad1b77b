// Cleans one file by ours or by mediabunny, in a process of its own whose memory is measured.
import { createWriteStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import {
	AdtsOutputFormat,
	ALL_FORMATS,
	Conversion,
	FilePathSource,
	FilePathTarget,
	FlacOutputFormat,
	Input,
	MkvOutputFormat,
	MovOutputFormat,
	Mp3OutputFormat,
	Mp4OutputFormat,
	OggOutputFormat,
	Output,
	type OutputFormat,
	WavOutputFormat,
	WebMOutputFormat,
} from 'mediabunny';
import { planCleanMedia } from '../../src/core/formats/clean-media.ts';
import { SNIFF_LENGTH, sniffMediaType } from '../../src/core/formats/media-type.ts';

const COPY = 2 ** 20;

/** Writes the cleaned file; returns why not, if it cannot be cleaned. */
const CLEANERS = {
	async ours(from: string, to: string): Promise<string> {
		const file = await open(from);
		const { size } = await file.stat();
		const read = (start: number, end: number) => readFrom(file, start, end);
		const { type } = sniffMediaType(await read(0, Math.min(size, SNIFF_LENGTH)));
		const plan = await planCleanMedia({ size, read }, type);
		if (plan === undefined) return 'refused';
		const out = createWriteStream(to);
		const write = (bytes: Uint8Array) =>
			new Promise<void>((resolve, reject) =>
				out.write(bytes, (error) => (error ? reject(error) : resolve())),
			);
		for (const part of plan) {
			if (part instanceof Uint8Array) await write(part);
			else
				for (let at = part.start; at < part.end; at += COPY)
					await write(await read(at, Math.min(part.end, at + COPY)));
		}
		await new Promise<void>((resolve) => out.end(() => resolve()));
		await file.close();
		return '';
	},

	async mediabunny(from: string, to: string): Promise<string> {
		const input = new Input({ source: new FilePathSource(from), formats: ALL_FORMATS });
		const output = new Output({ format: formatFor(to), target: new FilePathTarget(to) });
		const conversion = await Conversion.init({
			input,
			output,
			copy: { mode: 'forced', shiftTolerance: Infinity },
			video: { alpha: 'keep' },
			tags: {},
			showWarnings: false,
		});
		if (!conversion.isValid) return 'refused';
		await conversion.execute();
		return conversion.discardedTracks.map(({ reason }) => reason).join(' ');
	},
};

async function readFrom(file: FileHandle, start: number, end: number) {
	const bytes = new Uint8Array(end - start);
	await file.read(bytes, 0, bytes.length, start);
	return bytes;
}

function formatFor(name: string): OutputFormat {
	switch (name.replace(/.*\./, '')) {
		case 'mov':
			return new MovOutputFormat({ fastStart: false });
		case 'webm':
			return new WebMOutputFormat();
		case 'mkv':
			return new MkvOutputFormat();
		case 'mp3':
			return new Mp3OutputFormat();
		case 'flac':
			return new FlacOutputFormat();
		case 'wav':
			return new WavOutputFormat();
		case 'aac':
			return new AdtsOutputFormat();
		case 'ogg':
		case 'oga':
		case 'ogv':
		case 'opus':
		case 'spx':
			return new OggOutputFormat();
		default:
			return new Mp4OutputFormat({ fastStart: false });
	}
}

const [by = '', from = '', to = ''] = process.argv.slice(2);
const clean = CLEANERS[by === 'ours' ? 'ours' : 'mediabunny'];
const before = process.resourceUsage().maxRSS;
const began = performance.now();
const said = await clean(from, to).catch((thrown: unknown) => `failed: ${thrown}`.slice(0, 120));
const seconds = (performance.now() - began) / 1000;
const memory = (process.resourceUsage().maxRSS - before) / 1024;
console.log(JSON.stringify({ said, seconds, memory }));
