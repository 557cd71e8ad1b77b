/** An item's id: 128 random bits as lowercase hex. */
export const MEDIA_ID = /^[0-9a-f]{32}$/;

/** Everything below is answered by the worker and by nobody else. */
export const MEDIA_PREFIX = '/media/';

const PATH = /^\/media\/([0-9a-f]{32})\/media\.[a-z0-9]{1,5}$/;

/** `/media/<id>/media.<ext>`: neutral, without the sender's file name (XEP-0454 section 5). */
export function mediaPath(id: string, extension = 'bin'): string {
	return `${MEDIA_PREFIX}${id}/media.${extension}`;
}

/** The same, for one save: `token` is used up by the first request that brings it. */
export function savePath(id: string, token: string): string {
	return `${mediaPath(id)}?save=${token}`;
}

/** The id in a path of ours; undefined for any other path below the prefix. */
export function parseMediaPath(pathname: string): string | undefined {
	return PATH.exec(pathname)?.[1];
}
