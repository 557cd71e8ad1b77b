import type { MediaHead } from '../src/media/plaintext-reader.ts';

/** What a request below /media/ may become, by who asks for it. */
export type Pass = 'show' | 'save' | 'refuse';

/**
 * Media elements and the app's own fetch see media; documents and frames get a save, with a token; scripts,
 * workers, styles, objects and all else get nothing.
 */
export function gate({
	method,
	mode,
	destination,
	hasToken,
}: {
	method: string;
	mode: string;
	destination: string;
	hasToken: boolean;
}): Pass {
	if (method !== 'GET' && method !== 'HEAD') return 'refuse';
	switch (destination) {
		case 'image':
		case 'audio':
		case 'video':
			return 'show';
		case 'document':
		case 'iframe':
			return hasToken && method === 'GET' ? 'save' : 'refuse';
		case '':
			return mode === 'navigate' ? 'refuse' : 'show';
		default:
			return 'refuse';
	}
}

/** Whether what the file is fits who asks for it: a decoder never sees what is not for it. */
export function fits(destination: string, { kind }: Pick<MediaHead, 'kind'>): boolean {
	if (destination === 'image') return kind === 'image';
	if (destination === 'audio' || destination === 'video')
		return kind === 'audio' || kind === 'video';
	return true;
}
