import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { filesBelow } from '../../../tools/bundle-sizes.ts';

/** Screens whose words are all in their `words.ts`; the others are to follow. */
const SCREENS = [
	'account',
	'chat-screen',
	'conversation',
	'conversation-list',
	'message-file',
	'root',
	'settings',
	'sign-in',
];

/** Text between tags, attributes that are read or heard, and whole words in quotes. */
const LITERALS = [
	/^\s*[A-Z][^<>{}()=;]*[a-z.?!…]$/gm,
	/(?<!=)>\s*[A-Z][^<>{}=;|&]*[a-z.?!…]\s*</g,
	/\b(?:aria-label|title|placeholder|alt|label|yes|no)="[^"]*[A-Za-z][^"]*"/g,
	/'[A-Z][\w ,.…?!:%-]*[ .…?!][\w ,.…?!:%-]*'/g,
	/"[A-Z][\w ',.…?!:%-]*[ .…?!][\w ',.…?!:%-]*"/g,
	/`[A-Z][\w ',.…?!:%-]*\$\{/g,
];

const literalsIn = (source: string) => {
	const code = source.replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, '');
	return LITERALS.flatMap((literal) => code.match(literal) ?? []);
};

describe.each(SCREENS)('%s', (screen) => {
	const files = filesBelow(`src/ui/${screen}`).filter(
		(file) => /\.tsx?$/.test(file) && !/[/-]words\.ts$/.test(file),
	);
	it.each(files)('%s has its words from the catalogue', (file) => {
		expect(literalsIn(readFileSync(file, 'utf8'))).toEqual([]);
	});
});

it('finds words that stand in a component', () => {
	expect(literalsIn('<p>Hello there</p>')).toHaveLength(1);
	expect(literalsIn('<button\n\taria-label="Close"\n>\n\tSign out\n</button>')).not.toEqual([]);
	expect(literalsIn("const why = () => (isLost ? 'Not sent' : WORDS.sent);")).toHaveLength(1);
	// biome-ignore lint/suspicious/noTemplateCurlyInString: it is code that is looked through
	expect(literalsIn('const of = `Reply to ${name}`;')).toHaveLength(1);
	expect(literalsIn('<p title={WORDS.title}>{WORDS.text}</p> // Hello there')).toEqual([]);
});
