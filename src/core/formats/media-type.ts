import { type IsoMedia, isoMediaType } from './iso-media-type.ts';
import { behindId3 } from './sound/id3-tag.ts';

/** The type of a file by its first bytes, never by the sender's word. */
export interface MediaType {
	/** a type that may be shown, or `application/octet-stream` */
	readonly type: string;
	readonly kind: 'image' | 'audio' | 'video' | 'file';
	/** for people, where it cannot be shown */
	readonly label?: string;
}

/** How many first bytes are worth looking at; 16 decide most. */
export const SNIFF_LENGTH = 4096;

const image = (type: string): MediaType => ({ type: `image/${type}`, kind: 'image' });
const audio = (type: string): MediaType => ({ type: `audio/${type}`, kind: 'audio' });
const video = (type: string): MediaType => ({ type: `video/${type}`, kind: 'video' });
const file = (label?: string): MediaType => ({
	type: 'application/octet-stream',
	kind: 'file',
	...(label === undefined ? {} : { label }),
});

/**
 * Tells images, audio and video that browsers show from everything else. SVG, HTML, XML and PDF are files:
 * they could run script in the origin.
 */
export function sniffMediaType(head: Uint8Array): MediaType {
	const text = latin1(head.subarray(0, SNIFF_LENGTH));
	const at = (offset: number, wanted: string) => text.startsWith(wanted, offset);

	if (at(0, '\xff\xd8\xff')) return image('jpeg');
	if (at(0, '\x89PNG\r\n\x1a\n')) return image('png');
	if (at(0, 'GIF87a') || at(0, 'GIF89a')) return image('gif');
	if (at(0, 'RIFF') && at(8, 'WEBP')) return image('webp');
	if (at(0, 'RIFF') && at(8, 'WAVE')) return audio('wav');
	const iso = isoMediaType(head.subarray(0, SNIFF_LENGTH), text);
	if (iso !== undefined) return isoMedia(iso);
	if (at(0, '\x1aE\xdf\xa3')) return matroska(text);
	if (at(0, 'OggS')) return ogg(text);
	if (at(0, 'fLaC')) return audio('flac');
	if (at(0, 'ID3') && text.charCodeAt(3) < 5) return tagged(head.subarray(0, SNIFF_LENGTH));
	if (/^\xff[\xf0\xf1\xf8\xf9]/.test(text)) return audio('aac');
	// Layers II and III, a valid bit rate. Layer I is left out: FF FE begins a UTF-16 text.
	if (/^\xff[\xe2-\xe5\xf2-\xf5\xfa-\xfd][^\xf0-\xff]/.test(text)) return audio('mpeg');
	return file(labelOf(text));
}

function isoMedia({ type, label }: IsoMedia): MediaType {
	if (type === undefined) return file(label);
	return { type, kind: type.slice(0, 5) as 'image' | 'audio' | 'video' };
}

/** Any sound may stand behind a tag; where the tag is longer than what is looked at, most often it is this. */
function tagged(head: Uint8Array): MediaType {
	const start = behindId3(head);
	const behind = start === 0 ? undefined : sniffMediaType(head.subarray(start));
	return behind?.kind === 'audio' ? behind : audio('mpeg');
}

function matroska(text: string): MediaType {
	if (!text.slice(0, 64).includes('webm')) return file('Matroska video');
	return /A_(?:OPUS|VORBIS)/.test(text) && !text.includes('V_') ? audio('webm') : video('webm');
}

function ogg(text: string): MediaType {
	return text.slice(0, 512).includes('\x80theora') ? video('ogg') : audio('ogg');
}

function labelOf(text: string): string | undefined {
	if (text.startsWith('%PDF-')) return 'PDF document';
	if (text.startsWith('PK\x03\x04')) return 'ZIP archive or document';
	if (text.startsWith('II*\0') || text.startsWith('MM\0*')) return 'TIFF image';
	// Its four reserved bytes tell it from a text that begins so.
	if (text.startsWith('BM') && text.startsWith('\0\0\0\0', 6)) return 'BMP image';
	if (text.startsWith('\xff\x0a') || text.slice(4, 12) === 'JXL \r\n\x87\n') return 'JPEG XL image';
	const start = text
		.replace(/^\xef\xbb\xbf/, '')
		.trimStart()
		.slice(0, 512)
		.toLowerCase();
	if (start.startsWith('<svg') || (start.startsWith('<?xml') && start.includes('<svg')))
		return 'SVG image';
	if (start.startsWith('<?xml')) return 'XML document';
	if (/^<(?:!doctype html|html|head|body|script|!--)/.test(start)) return 'HTML page';
	const isText =
		text !== '' && !Array.from(text).some((c) => c < ' ' && !'\t\n\f\r\x1b'.includes(c));
	return isText ? 'Text' : undefined;
}

function latin1(bytes: Uint8Array): string {
	let text = '';
	for (const byte of bytes) text += String.fromCharCode(byte);
	return text;
}
