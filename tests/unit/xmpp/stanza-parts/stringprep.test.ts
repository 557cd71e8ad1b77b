import * as fc from 'fast-check';
import * as original from 'stanza/lib/stringprep';
import { describe, expect, it } from 'vitest';
import {
	nameprep,
	nodeprep,
	resourceprep,
	saslprep,
} from '../../../../src/xmpp/stanza-parts/stringprep.ts';

const PROFILES = ['nameprep', 'nodeprep', 'resourceprep', 'saslprep'] as const;
type Profile = (typeof PROFILES)[number];
const own = { nameprep, nodeprep, resourceprep, saslprep };

/** What a profile makes of a text, or that it is prohibited. */
function prepared(module: Record<Profile, (text?: string) => string>, name: Profile, text: string) {
	try {
		return module[name](text);
	} catch {
		return undefined;
	}
}

const range = (first: number, last: number) =>
	fc.integer({ min: first, max: last }).map((point) => String.fromCodePoint(point));
/** ASCII, the letters of Europe, what is mapped and what is prohibited, kana and ideographs. */
const ordinary = fc.oneof(
	{ weight: 4, arbitrary: range(0x20, 0x7e) },
	range(0x00, 0x220),
	range(0x222, 0x233),
	range(0x391, 0x3c9).filter((letter) => letter !== '\u03a2'),
	range(0x401, 0x45f),
	range(0x2000, 0x206f).filter((letter) => !/[\u2053-\u205e\u2064-\u2069]/.test(letter)),
	range(0x3041, 0x3094),
	range(0x4e00, 0x9fa5),
	range(0xff01, 0xff5e),
	fc.constantFrom('\ufeff', '\ufe0f', '\ufffd', '\ufffc', '\ud800', '\ue000', '\u1680', '\u3000'),
);

it.each(PROFILES)('%s makes of ordinary text what the tables make of it', (name) => {
	fc.assert(
		fc.property(fc.array(ordinary, { maxLength: 8 }), (letters) => {
			const text = letters.join('');
			// A domain has neither spaces nor controls in it: ASCII's are refused here, where the tables leave them to others.
			fc.pre(name !== 'nameprep' || !/[\s\p{Cc}]/u.test(text.normalize('NFKC')));
			expect(prepared(own, name, text)).toBe(prepared(original, name, text));
		}),
		{ numRuns: 5000 },
	);
});

describe.each(PROFILES)('%s', (name) => {
	it('gives the same when it is given what it gave', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'binary' }), (text) => {
				const once = prepared(own, name, text);
				if (once !== undefined) expect(prepared(own, name, once)).toBe(once);
			}),
		);
	});

	it('takes nothing for an empty text', () => {
		expect(own[name]()).toBe('');
		expect(own[name]('\u00ad\ufe0f')).toBe('');
	});
});

it('a localpart has nothing in it that would end it', () => {
	for (const mark of [...' "&\'/:<>@\u0000\u001f\u007f', '\uff20', '\uff0f', '\u202e', '\u200f'])
		expect(() => own.nodeprep(`a${mark}b`), mark).toThrow();
});

it('a password may hold what Unicode has learnt since 2002', () => {
	expect(own.saslprep('\u{1f600} I\u00adX\u00a0\u00aa')).toBe('\u{1f600} IX a');
});
