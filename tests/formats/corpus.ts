import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { box, fullBox, u16, u32 } from '../unit/core/movie-support.ts';
import { bytesOf } from '../unit/core/support.ts';
import { withInEntry } from './in-entry.ts';

/** Words that a cleaned file must not hold. */
export const SECRETS = ['GEHEIM', '52.52', '2024', 'Lavf', 'Mediabunny'];
const TAGS = [
	...['title=GEHEIM', 'artist=GEHEIM', 'comment=GEHEIM', 'location=+52.5200+013.4050/'],
	...['creation_time=2024-05-06T07:08:09Z', 'date=2024-05-06', 'encoder=GEHEIM'],
].flatMap((tag) => ['-metadata', tag]);

const PICTURE = '-f lavfi -i testsrc2=s=160x120:r=25:d=3';
const SOUND = '-f lavfi -i anoisesrc=d=3:a=0.2:r=48000';
const BOTH = `${PICTURE} ${SOUND}`;
/** Without the encoder's name in the samples, which nothing takes out. */
const H264 = '-c:v libx264 -preset ultrafast -bf 2 -g 20 -pix_fmt yuv420p -flags +bitexact';
const AAC = `${H264} -c:a aac`;
const HEVC =
	'-c:v libx265 -preset ultrafast -pix_fmt yuv420p10le -tag:v hvc1 -x265-params log-level=0';
const HDR = '-color_primaries bt2020 -color_trc smpte2084 -colorspace bt2020nc';
const VP8 = '-c:v libvpx -deadline realtime';
const VP9 = '-c:v libvpx-vp9 -deadline realtime';

/** What ffmpeg makes: name of the file, input and codecs. */
const MADE: Readonly<Record<string, string>> = {
	'index-at-the-end.mp4': `${BOTH} ${AAC}`,
	'index-in-front.mp4': `${BOTH} ${AAC} -movflags faststart`,
	'turned.mp4': `${BOTH} ${AAC} -metadata:s:v rotate=90`,
	'late-sound.mp4': `${PICTURE} -itsoffset 0.7 ${SOUND} ${AAC}`,
	'fragments.mp4': `${BOTH} ${AAC} -movflags frag_keyframe+empty_moov+default_base_moof`,
	'fragments-indexed.mp4': `${BOTH} ${AAC} -movflags frag_keyframe+empty_moov+dash+global_sidx`,
	'timecode.mov': `${BOTH} ${AAC} -timecode 01:02:03:04 -movflags use_metadata_tags`,
	'pixels-not-square.mp4': `${BOTH} ${AAC} -aspect 16:9`,
	'hevc.mp4': `${BOTH} ${HEVC} ${HDR} -c:a aac`,
	'av1.mp4': `${BOTH} -c:v libaom-av1 -cpu-used 8 -g 25 -c:a libopus`,
	'vp9.mp4': `${BOTH} ${VP9} -c:a aac`,
	'mpeg4.mp4': `${BOTH} -c:v mpeg4 -c:a aac`,
	'mjpeg.mov': `${BOTH} -c:v mjpeg -c:a pcm_s16le`,
	'prores.mov': `${BOTH} -c:v prores_ks -c:a pcm_s24le`,
	'h263.3gp': `-f lavfi -i testsrc2=s=176x144:r=25:d=3 ${SOUND} -c:v h263 -c:a aac`,
	'ac3.mp4': `${BOTH} ${H264} -c:a ac3`,
	'eac3.mp4': `${BOTH} ${H264} -c:a eac3`,
	'mp3.mp4': `${BOTH} ${H264} -c:a libmp3lame`,
	'flac.mp4': `${BOTH} ${H264} -c:a flac -strict -2`,
	'aac.m4a': `${SOUND} -c:a aac`,
	'alac.m4a': `${SOUND} -c:a alac`,
	'opus.mp4': `${SOUND} -c:a libopus`,
	'vp8-opus.webm': `${BOTH} ${VP8} -c:a libopus`,
	'vp8-vorbis.webm': `${BOTH} ${VP8} -c:a libvorbis`,
	'vp9-hdr.webm': `${BOTH} ${VP9} ${HDR} -pix_fmt yuv420p10le -c:a libopus`,
	'av1.webm': `${BOTH} -c:v libaom-av1 -cpu-used 8 -g 25 -c:a libopus`,
	'recorder.webm': `${BOTH} ${VP8} -c:a libopus -f webm -live 1`,
	'index-in-front.webm': `${BOTH} ${VP9} -c:a libopus -cues_to_front 1`,
	'stereo.webm': `${PICTURE} ${VP8} -metadata:s:v stereo_mode=left_right`,
	'alpha.webm': `-f lavfi -i color=red@0.4:s=64x48:r=10:d=1,format=yuva420p ${VP8} -auto-alt-ref 0`,
	'sound.webm': `${SOUND} -c:a libopus`,
	'h264.mkv': `${BOTH} ${AAC}`,
	'lame.mp3': `${SOUND} -c:a libmp3lame -write_id3v1 1`,
	'lame-vbr.mp3': `${SOUND} -c:a libmp3lame -q:a 4`,
	'no-xing.mp3': `${SOUND} -c:a libmp3lame -write_xing 0`,
	'tags.flac': SOUND,
	'24-bit.flac': `${SOUND} -sample_fmt s32 -bits_per_raw_sample 24`,
	'vorbis.ogg': `${SOUND} -c:a libvorbis`,
	'opus.opus': `${SOUND} -c:a libopus`,
	'speex.spx': `${SOUND} -c:a libspeex -ar 16000`,
	'flac.oga': `${SOUND} -c:a flac`,
	'theora.ogv': `${BOTH} -c:a libvorbis -c:v libtheora`,
	'pcm.wav': SOUND,
	'float.wav': `${SOUND} -c:a pcm_f32le -ac 6`,
	'adpcm.wav': `${SOUND} -c:a adpcm_ima_wav -write_bext 1`,
	'frames.aac': `${SOUND} -c:a aac`,
};

const signed = (...values: number[]) => bytesOf(...values.map(u32));
/** RGB and white in 1/50000, and the brightest and darkest in 1/10000 cd/m². */
const mdcv = box(
	'mdcv',
	...[13250, 34500, 7500, 3000, 34000, 16000, 15635, 16450].map(u16),
	signed(10_000_000, 1),
);
const clli = box('clli', u16(1000), u16(400));
/** Profile 8.4, level 4, compatible with HLG. */
const dvvC = box('dvvC', 1, 0, 0x10, 0x25, 0x40, new Uint8Array(19));
const stereo = box('vexu', box('eyes', fullBox('stri', 0, 3), fullBox('hero', 0, 1)));
const sphere = box(
	'sv3d',
	fullBox('svhd', 0, 'GEHEIM', 0),
	box('proj', fullBox('prhd', 0, signed(0, 0, 0)), fullBox('equi', 0, signed(0, 0, 0, 0))),
);
/** What ffmpeg cannot write, put into the description of the pictures. */
const CRAFTED: Readonly<Record<string, readonly [from: string, boxes: readonly Uint8Array[]]>> = {
	'hdr10.mp4': ['hevc.mp4', [mdcv, clli]],
	'dolby-vision.mp4': ['hevc.mp4', [dvvC]],
	'spatial.mov': ['timecode.mov', [stereo, box('hfov', u32(63_500))]],
	'sphere.mp4': ['index-at-the-end.mp4', [fullBox('st3d', 0, 2), sphere]],
};

/** Makes one file after the other in a folder; those that this ffmpeg cannot make are left out. */
export function* makeCorpus(folder: string): Generator<string> {
	for (const [name, options] of Object.entries(MADE)) {
		const file = path.join(folder, name);
		try {
			execFileSync('ffmpeg', ['-v', 'fatal', '-y', ...options.split(' '), ...TAGS, file]);
			yield file;
		} catch {
			console.warn(`${name} could not be made`);
		}
	}
	for (const [name, [from, boxes]] of Object.entries(CRAFTED)) {
		const file = path.join(folder, name);
		writeFileSync(file, withInEntry(readFileSync(path.join(folder, from)), boxes));
		yield file;
	}
	const cut = path.join(folder, 'start-cut-off.mp4');
	const source = path.join(folder, 'index-at-the-end.mp4');
	execFileSync('ffmpeg', [
		'-v',
		'error',
		'-y',
		'-ss',
		'1.3',
		'-i',
		source,
		'-c',
		'copy',
		...TAGS,
		cut,
	]);
	yield cut;
	const chained = path.join(folder, 'two-in-a-row.opus');
	const opus = readFileSync(path.join(folder, 'opus.opus'));
	writeFileSync(chained, Buffer.concat([opus, opus]));
	yield chained;
}

/** Five GiB of pictures and sound, whose index lies at the end. */
export function* makeLarge(folder: string): Generator<string> {
	const file = path.join(folder, 'large.mp4');
	const filler = 'nal-hrd=cbr:filler=1:bitrate=800000:vbv-maxrate=800000:vbv-bufsize=800000';
	const input = '-f lavfi -i testsrc2=s=640x360:r=25:d=54 -f lavfi -i anoisesrc=d=54:a=0.2:r=48000';
	const codecs = `-c:v libx264 -preset ultrafast -level 6.2 -pix_fmt yuv420p -x264-params ${filler} -c:a aac`;
	execFileSync('ffmpeg', ['-v', 'error', '-y', ...`${input} ${codecs}`.split(' '), ...TAGS, file]);
	yield file;
}
