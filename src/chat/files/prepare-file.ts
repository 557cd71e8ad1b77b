import { TAG_LENGTH } from '../../core/crypto/gcm.ts';
import { mediaLabel } from '../../core/formats/media-label.ts';
import { SNIFF_LENGTH, sniffMediaType } from '../../core/formats/media-type.ts';
import { ANIMATION_HEAD, isAnimated } from '../../core/formats/pictures/is-animated.ts';
import { stripGif } from '../../core/formats/pictures/strip-gif.ts';
import { stripHeif } from '../../core/formats/pictures/strip-heif.ts';
import { stripJpeg } from '../../core/formats/pictures/strip-jpeg.ts';
import { stripJxl } from '../../core/formats/pictures/strip-jxl.ts';
import { stripPng } from '../../core/formats/pictures/strip-png.ts';
import { stripWebp } from '../../core/formats/pictures/strip-webp.ts';
import { ShareError } from '../../core/share-error.ts';
import { cleanFileName, extensionOf } from '../../core/text/file-name.ts';
import { sourceOfBlob } from '../../media/keep-file.ts';
import type { PhotoQuality } from '../model/account-settings.ts';
import { cleanBlob, withTablePlace } from './clean-blob.ts';
import { isTooLarge } from './open-picture.ts';
import { redrawPicture } from './redraw-picture.ts';

/** A file as it will be sent. */
export interface CleanFile {
	readonly blob: Blob;
	/** the true name, with the extension of what it is now */
	readonly name: string;
	/** how it is shown before it is sent */
	readonly kind: 'image' | 'audio' | 'video' | 'file';
	/** a JPEG of a few KiB as a data URI, of pictures */
	readonly thumbnail?: string;
}

/** Bytes of the largest picture that is cleaned: it is read whole. Larger ones are asked about. */
export const MAX_PICTURE = 100 * 2 ** 20;
/** The longer side in pixels, and the quality of the JPEG. */
const SIZES: Record<Exclude<PhotoQuality, 'original'>, [number, number]> = {
	good: [2560, 0.85],
	small: [1280, 0.75],
};
/** What a picture becomes that has to be made anew to lose what its file tells. */
const FULL: [number, number] = [8192, 0.92];
/** About 5 KiB: what XEP-0454 section 3 thinks of, and what one sees for a moment. */
const THUMBNAIL: [number, number] = [128, 0.5];
const MAX_THUMBNAIL = 8 * 1024;

/** By type, or label of what is none that is shown. */
const STRIP: Record<
	string,
	(bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer> | undefined
> = {
	'image/jpeg': stripJpeg,
	'image/png': stripPng,
	'image/webp': stripWebp,
	'image/gif': stripGif,
	'image/avif': stripHeif,
	'HEIC image': stripHeif,
	'JPEG XL image': stripJxl,
};
/** What is drawn anew where this browser can show it, since others cannot. */
const REDRAWN = ['HEIC image', 'BMP image'];
/** What loses by being drawn anew, or cannot be: drawings and screenshots, what may move, and what no browser draws. */
const KEPT = ['image/png', 'JPEG XL image'];
/** `#!AMR` */
const AMR = [0x23, 0x21, 0x41, 0x4d, 0x52];
/** Extensions by which peers know what it is. */
const EXTENSIONS: Record<string, readonly string[]> = {
	'image/jpeg': ['jpg', 'jpeg'],
	'image/png': ['png'],
	'image/webp': ['webp'],
	'image/gif': ['gif'],
	'image/avif': ['avif'],
	'video/mp4': ['mp4', 'm4v', 'mov'],
	'video/webm': ['webm'],
	'audio/mp4': ['m4a', 'mp4'],
	'audio/mpeg': ['mp3', 'mp2', 'mpga'],
	'audio/aac': ['aac'],
	'audio/flac': ['flac'],
	'audio/wav': ['wav'],
	'audio/ogg': ['ogg', 'oga', 'opus', 'spx'],
};

/**
 * Takes out of a file where and with what it was made, and makes pictures as small as was chosen. Throws ShareError:
 * `file-empty`, `file-unreadable`, `file-changed`, `too-large` for what the server does not take (`limit`, in bytes, the
 * tag included), or `not-clean` for what would tell it all the same, unless `asItIs`.
 */
export async function prepareFile(
	file: File,
	{
		quality,
		asItIs = false,
		limit,
	}: { quality: PhotoQuality; asItIs?: boolean; limit?: number | undefined },
): Promise<CleanFile> {
	const refuseTooLarge = ({ size }: Blob) => {
		if (limit !== undefined && size + TAG_LENGTH > limit)
			throw new ShareError('too-large', { detail: { limit } });
	};
	if (file.size === 0) throw new ShareError('file-empty');
	const source = sourceOfBlob(file);
	const head = await source.read(0, Math.min(SNIFF_LENGTH, file.size));
	const { type, kind, label: shownLabel } = sniffMediaType(head);
	// More is told apart here than for those who look at it.
	const label = kind === 'file' ? (mediaLabel(head) ?? shownLabel) : undefined;
	const isUnknown = kind === 'file' && label === undefined && isSaidToBeMedia(file, head);
	if (isUnknown && !asItIs) throw new ShareError('not-clean');
	const isPicture = kind === 'image' || / image$/.test(label ?? '');
	const tells = mayTell(type, label);
	const isCleaned = !asItIs && (isPicture ? file.size <= MAX_PICTURE : kind !== 'file' && tells);
	// What does not become smaller is told at once, before more of it is read.
	if (!isCleaned) refuseTooLarge(file);
	if (isPicture) {
		const format = kind === 'image' ? type : (label ?? '');
		const clean = asItIs ? file : await cleanPicture(file, format, quality);
		refuseTooLarge(clean);
		const thumbnail = clean.size > MAX_PICTURE ? undefined : await thumbnailOf(clean);
		const isNew = clean !== file && clean.type.startsWith('image/');
		const name = named(file.name, isNew ? clean.type : type);
		// What is too large to be decoded when it comes is not drawn here either.
		const shown = (await isTooLarge(clean)) ? 'file' : isNew ? 'image' : kind;
		return { blob: clean, name, kind: shown, ...(thumbnail ? { thumbnail } : {}) };
	}
	if (asItIs || !tells) return { blob: file, name: named(file.name, type), kind };
	const cleaned = await cleanBlob(file, type);
	if (cleaned === undefined) throw new ShareError('not-clean');
	refuseTooLarge(cleaned);
	const first = await sourceOfBlob(cleaned).read(0, Math.min(SNIFF_LENGTH, cleaned.size));
	const clean = sniffMediaType(first);
	const most = limit === undefined ? undefined : limit - TAG_LENGTH;
	const blob = await withTablePlace(cleaned, clean.type, most);
	return { blob, name: named(file.name, clean.type), kind: clean.kind };
}

/** By its name, as the system has it: of what is not known here it is not known either what it tells. AMR has no room for that. */
function isSaidToBeMedia({ type }: File, head: Uint8Array): boolean {
	return /^(?:audio|image|video)\//.test(type) && !AMR.every((byte, at) => head[at] === byte);
}

/** Movies, sound, and raw pictures in the form of a movie. */
function mayTell(type: string, label = ''): boolean {
	return /^(?:audio|video)\//.test(type) || / (?:video|audio)$|^Camera raw$/.test(label);
}

/** `format`: its type, or its label if it has none that is shown. */
async function cleanPicture(file: File, format: string, quality: PhotoQuality): Promise<Blob> {
	if (file.size > MAX_PICTURE) throw new ShareError('not-clean');
	const bytes = await sourceOfBlob(file).read(0, file.size);
	const stripped = STRIP[format]?.(bytes);
	const type = format.startsWith('image/') ? format : '';
	const clean = stripped && new Blob([stripped], { type });
	const isRedrawn = REDRAWN.includes(format);
	const moves = isAnimated(bytes.subarray(0, ANIMATION_HEAD), format);
	const isKept = moves || KEPT.includes(format) || (quality === 'original' && !isRedrawn);
	if (clean !== undefined && isKept) return clean;
	if (moves || (clean === undefined && !isRedrawn && type === ''))
		throw new ShareError('not-clean');
	const [side, compression] = quality === 'original' ? FULL : SIZES[quality];
	try {
		const scaled = await redrawPicture(clean ?? file, side, compression, { keepsAlpha: true });
		// Not everybody's program shows AVIF, which is nearly always smaller.
		const isBetter = isRedrawn || (format === 'image/avif' && scaled.type === 'image/jpeg');
		return clean === undefined || isBetter || scaled.size < clean.size ? scaled : clean;
	} catch {
		if (clean === undefined) throw new ShareError('not-clean');
		return clean;
	}
}

async function thumbnailOf(picture: Blob): Promise<string | undefined> {
	try {
		const small = await redrawPicture(picture, ...THUMBNAIL);
		if (small.size > MAX_THUMBNAIL) return undefined;
		const bytes = new Uint8Array(await small.arrayBuffer());
		return `data:image/jpeg;base64,${btoa(String.fromCharCode(...bytes))}`;
	} catch {
		return undefined;
	}
}

/** The name with an extension that is true. */
function named(text: string, type: string): string {
	const name = cleanFileName(text);
	const known = EXTENSIONS[type];
	const extension = extensionOf(name);
	if (known === undefined || known.includes(extension)) return name;
	const stem = extension === '' ? name : name.slice(0, -extension.length - 1);
	return `${stem}.${known[0]}`;
}
