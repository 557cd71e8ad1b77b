import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
	MEDIA_ID,
	MEDIA_PREFIX,
	mediaPath,
	parseMediaPath,
	savePath,
} from '../../../../src/core/http/media-path.ts';

const id = '0123456789abcdef0123456789abcdef';

describe('media paths', () => {
	it('are neutral', () => {
		expect(mediaPath(id, 'mp4')).toBe(`/media/${id}/media.mp4`);
		expect(mediaPath(id)).toBe(`/media/${id}/media.bin`);
		expect(savePath(id, 'feed')).toBe(`/media/${id}/media.bin?save=feed`);
		expect(mediaPath(id).startsWith(MEDIA_PREFIX)).toBe(true);
	});

	it('are read back', () => {
		const ids = fc
			.uint8Array({ minLength: 16, maxLength: 16 })
			.map((bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(''));
		fc.assert(
			fc.property(ids, fc.constantFrom('jpg', 'mp4', 'webm', 'bin', 'm4a'), (any, extension) => {
				expect(MEDIA_ID.test(any)).toBe(true);
				expect(parseMediaPath(mediaPath(any, extension))).toBe(any);
				const { pathname } = new URL(savePath(any, any), 'https://balcony.example');
				expect(parseMediaPath(pathname)).toBe(any);
			}),
		);
	});

	it.each([
		'',
		'/',
		'/media/',
		`/media/${id}`,
		`/media/${id}/`,
		`/media/${id}/media`,
		`/media/${id}/media.`,
		`/media/${id}/other.mp4`,
		`/media/${id}/media.MP4`,
		`/media/${id}/media.toolong`,
		`/media/${id}/media.mp4/`,
		`/media/${id}/media.mp4\n`,
		`/media/${id}/media.mp4?save=x`,
		`/media/${id}/a/media.mp4`,
		`/media/${id.toUpperCase()}/media.mp4`,
		`/media/${id.slice(1)}/media.mp4`,
		`/media/${id}0/media.mp4`,
		`/media/${id}/media%2emp4`,
		`/x/media/${id}/media.mp4`,
		`//media/${id}/media.mp4`,
		`/Media/${id}/media.mp4`,
	])('refuse %j', (path) => {
		expect(parseMediaPath(path)).toBeUndefined();
	});

	it.each(['', id.slice(1), `${id}0`, id.toUpperCase(), `${id}\n`, ` ${id}`])(
		'have no id %j',
		(text) => {
			expect(MEDIA_ID.test(text)).toBe(false);
		},
	);
});
