import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAesgcmUri } from '../../../../src/core/links/aesgcm-uri.ts';
import { parseMediaMessage } from '../../../../src/core/links/media-message.ts';
import { readVectors } from '../support.ts';

interface MessageVectors {
	readonly media: readonly { readonly body: string; readonly thumbnail: boolean }[];
	readonly text: readonly { readonly body: string; readonly why?: string }[];
}

const vectors = readVectors<MessageVectors>('media-message.json');
const uri = vectors.media[0]?.body ?? '';
const withLine = (line: string) => parseMediaMessage(`${uri}\n${line}`);

/** A data URI of `length` bytes that begin like a JPEG. */
function jpeg(length: number, padded = true): string {
	const bytes = Buffer.alloc(length, 7);
	bytes.set([0xff, 0xd8, 0xff]);
	const base64 = bytes.toString('base64');
	return `data:image/jpeg;base64,${padded ? base64 : base64.replace(/=+$/, '')}`;
}

describe('parseMediaMessage', () => {
	it.each(vectors.media.map((vector, index) => ({ index, ...vector })))(
		'takes vector $index for media, thumbnail $thumbnail',
		({ body, thumbnail }) => {
			const message = parseMediaMessage(body);
			const [first = '', second = ''] = body.split('\n');
			expect(message?.uri).toEqual(parseAesgcmUri(first));
			expect(message?.thumbnail !== undefined).toBe(thumbnail);
			if (message?.thumbnail === undefined) return;
			expect(message.thumbnail).toMatch(/^data:image\/jpeg;base64,[A-Za-z0-9+/]+={0,2}$/);
			const shown = Buffer.from(message.thumbnail.split(',')[1] ?? '', 'base64');
			expect(shown).toEqual(Buffer.from(second.split(',')[1] ?? '', 'base64'));
			expect([...shown.subarray(0, 3)]).toEqual([0xff, 0xd8, 0xff]);
		},
	);

	it.each(vectors.text.map((vector, index) => ({ index, why: '', ...vector })))(
		'takes vector $index for text: $why',
		({ body }) => {
			expect(parseMediaMessage(body)).toBeUndefined();
		},
	);

	it('needs no padding, and writes it', () => {
		for (const length of [4, 5, 6, 7, 300, 301, 302])
			for (const padded of [true, false])
				expect(withLine(jpeg(length, padded))?.thumbnail).toBe(jpeg(length));
	});

	it.each([
		'data:image/jpeg,',
		'data:image/jpeg;base64,',
		'data:image/jpeg;base64,/9j',
		'data:image/jpeg;base64,/9j/A',
		'data:image/jpeg;base64,/9j/=',
		'data:image/jpeg;base64,/9j/==',
		'data:image/jpeg;base64,/9j/AA=',
		'data:image/jpeg;base64,/9j/AAA==',
		'data:image/jpeg;base64,/9j/AA===',
		'data:image/jpeg;base64,/9j/AA==AA==',
		'data:image/jpeg;base64,/9j/ AAA',
		'data:image/jpeg;base64,/9j-AAAA',
		'data:image/jpeg;base64,/9k/AAAA',
		'data:image/jpeg;base64;base64,/9j/AAAA',
		'data:image/jpg;base64,/9j/AAAA',
		'data:image/jpeg;charset=x;base64,/9j/AAAA',
		' data:image/jpeg;base64,/9j/AAAA',
		'data:image/jpeg;base64,/9j/AAAA ',
		'data:image/jpeg;base64,/9j/AAAA\r',
		'data:image/jpeg;base64,/9j/AAAA#x',
		'data:text/html;base64,/9j/AAAA',
		'javascript:alert(1)',
	])('takes a second line %j for text', (line) => {
		expect(withLine(line)).toBeUndefined();
	});

	it.each(['\n', '\r', '\r\n', '\u2028', '\u0085', '\v', '\0', ' '])(
		'takes %j after the URI for text',
		(end) => {
			expect(parseMediaMessage(`${uri}${end}`)).toBeUndefined();
			if (end !== '\n') expect(parseMediaMessage(`${uri}${end}${jpeg(30)}`)).toBeUndefined();
		},
	);

	it('shows thumbnails up to 32 KiB, whatever their padding', () => {
		for (const length of [32_766, 32_767, 32_768]) {
			expect(withLine(jpeg(length))?.thumbnail).toBe(jpeg(length));
			expect(withLine(jpeg(length, false))?.thumbnail).toBe(jpeg(length));
		}
		for (const length of [32_769, 32_770, 32_771, 200_000]) {
			const message = withLine(jpeg(length));
			expect(message?.uri.url.hostname).toBe('download.montague.tld');
			expect(message !== undefined && 'thumbnail' in message).toBe(false);
		}
	});

	it('never throws, and takes what mutations make only as it is written', () => {
		const bodies = fc.constantFrom(...vectors.media.map(({ body }) => body));
		const character = fc.oneof(
			fc.constantFrom(...'\n\r =,;/#%:A\0\ufeff'),
			fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
		);
		fc.assert(
			fc.property(bodies, fc.nat(5000), fc.nat(1), character, (body, at, removed, inserted) => {
				const index = at % (body.length + 1);
				const text = body.slice(0, index) + inserted + body.slice(index + removed);
				const message = parseMediaMessage(text);
				if (message === undefined) return;
				const [first = '', second, ...rest] = text.split('\n');
				expect(rest).toEqual([]);
				expect(message.uri).toEqual(parseAesgcmUri(first));
				expect(message.thumbnail === undefined).toBe(second === undefined);
				expect(message.thumbnail ?? '').toMatch(
					/^(?:data:image\/jpeg;base64,\/9j\/[\w+/]*={0,2})?$/,
				);
			}),
			{ numRuns: 2000 },
		);
		fc.assert(
			fc.property(fc.string({ unit: 'binary' }), (text) => {
				expect(parseMediaMessage(text)).toBeUndefined();
				parseMediaMessage(`${uri}\n${text}`);
				expect(parseMediaMessage(`${text}\n${uri}`)).toBeUndefined();
			}),
		);
	});

	it('answers megabytes at once', () => {
		expect(withLine(`data:image/jpeg,/9j/${'A'.repeat(4_000_000)}!`)).toBeUndefined();
		expect(parseMediaMessage('\n'.repeat(1_000_000))).toBeUndefined();
		expect(withLine(`data:image/jpeg,/9j/${'='.repeat(1_000_000)}`)).toBeUndefined();
	});
});
