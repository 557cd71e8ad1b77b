import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { filesBelow } from '../../../tools/bundle-sizes.ts';

/** Folders whose words are all in their `words.ts`, or in functions of the `*-text.ts` files beside it. */
const SCREENS = [
	'account',
	'chat-screen',
	'contact',
	'conversation',
	'conversation-list',
	'link-opener',
	'links',
	'media-figure',
	'message-file',
	'parts',
	'root',
	'settings',
	'share',
	'shell',
	'sign-in',
	'viewer',
];
const CATALOGUES = SCREENS.flatMap((screen) => filesBelow(`src/ui/${screen}`)).filter((file) =>
	/[/-]words\.ts$/.test(file),
);

/** Names of keys, of drag data and of errors: nobody reads them. */
const NAMES =
	/^(?:Arrow|Page|(?:Backspace|Delete|End|Enter|Error|Escape|Files|Home|Shift|Tab)$|\w+Error$)/;

/** Text between tags, attributes that are read or heard, and templates. */
const LITERALS = [
	/^\s*[A-Z][^<>{}()=;]*[a-z.?!…]$/gm,
	/(?<!=)>\s*[A-Z][^<>{}=;|&]*[a-z.?!…]\s*</g,
	/\b(?:aria-label|title|placeholder|alt|label|yes|no|hint|action)="[^"]*[A-Za-z][^"]*"/g,
	/`[A-Z][a-z][\w ',.…?!:%-]*\$\{/g,
];
/** Text in quotes within code: it begins with a capital letter. */
const QUOTED = /(['"])([A-Z][a-z]*[ a-z](?:(?!\1)[^\n])*)\1/g;

const quotedIn = (source: string) => [...source.matchAll(QUOTED)].map(([, , text = '']) => text);

const literalsIn = (source: string) => {
	const code = source.replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, '');
	return [
		...LITERALS.flatMap((literal) => code.match(literal) ?? []),
		...quotedIn(code).filter((text) => !NAMES.test(text)),
	];
};

it('writes no string twice', () => {
	const strings = CATALOGUES.flatMap((file) => quotedIn(readFileSync(file, 'utf8')));
	expect(strings.filter((text, index) => strings.indexOf(text) !== index)).toEqual([]);
});

describe.each(SCREENS)('%s', (screen) => {
	const files = filesBelow(`src/ui/${screen}`).filter(
		(file) => /\.tsx?$/.test(file) && !/(?:[/-]words|-text)\.ts$/.test(file),
	);
	it.each(files)('%s has its words from the catalogue', (file) => {
		expect(literalsIn(readFileSync(file, 'utf8'))).toEqual([]);
	});
});

it('finds words that stand in a component', () => {
	expect(literalsIn('<p>Hello there</p>')).toHaveLength(1);
	expect(literalsIn("<p>{isOpen() ? 'Close it' : WORDS.open}</p>")).toEqual(['Close it']);
	expect(literalsIn('<button\n\taria-label="Close"\n>\n\tSign out\n</button>')).not.toEqual([]);
	expect(literalsIn("const why = () => (isLost ? 'Not sent' : WORDS.sent);")).toHaveLength(1);
	// biome-ignore lint/suspicious/noTemplateCurlyInString: it is code that is looked through
	expect(literalsIn('const of = `Reply to ${name}`;')).toHaveLength(1);
	expect(literalsIn('<p title={WORDS.title}>{WORDS.text}</p> // Hello there')).toEqual([]);
});
