/**
 * `npm test` decides what lands, so it has to answer soon; `npm run test:full` runs every test, at full length, in both
 * engines, and so does a runner that is started by hand. This file alone says what the difference is, and why; see
 * docs/decisions/0001-what-npm-test-runs.md.
 */
export const IS_SHORT = process.env['BALCONY_TESTS'] === 'short';

/** How often something is repeated: a test that looks for rare faults is the surer, the more often it does. */
export function times(full: number, short: number): number {
	return IS_SHORT ? short : full;
}

/** The servers or databases that a test runs with; `npm test` takes the first alone. */
export function eachOrFirst<Kind>(all: readonly Kind[]): readonly Kind[] {
	return IS_SHORT ? all.slice(0, 1) : all;
}

/**
 * Unit tests that take seconds each, by the names of their files: with ffmpeg or Playwright, over every order or any
 * bytes, or with whole devices that talk. `npm run unit` leaves them out.
 */
export const SLOW_UNIT_TESTS: readonly string[] = [
	'aac-slices',
	'accepted-once',
	'adversary',
	'any-forgery',
	'any-transport',
	'catching-up',
	'check-counts',
	'clean-movie-ffmpeg',
	'hostile-text',
	'image-size',
	'linear-expressions',
	'media-session',
	'messenger',
	'movie-frames',
	'moving-pictures',
	'plan-table',
	'remembered',
	'schedule',
	'sent-sound',
	'session',
	'sharing',
	'shown-as-sent',
	'tagged-adversary',
	'voice-file',
	'what-runs',
];

/** The same, as vitest is told of them. */
export const SLOW_UNIT_FILES: readonly string[] = SLOW_UNIT_TESTS.map(
	(name) => `tests/unit/**/${name}.test.ts`,
);

/** Unit and interop tests of `npm run test:full` alone. */
export const LONG_FILES: readonly string[] = [
	// The same scenarios as in share.test.ts, with another server.
	'tests/interop/ejabberd-share.test.ts',
];

/** Specs of `npm run test:full` alone, by the titles that Playwright gives them. */
export const LONG_SPECS: readonly RegExp[] = [
	// All faults at once, on a slow line: each of them has a test of its own besides.
	/ten files of every kind, dropped at once/,
	// Pictures and sound of Profanity are in vectors, and it shares files with Balcony in tests/interop.
	/videos that Profanity shares play/,
	// The same corpus goes through the way out in tests/unit/chat, but for what needs a canvas.
	/pictures of phones and cameras go out/,
	// Five large photos, and each manner of host, take a while; what is made of one photo, and what is measured, is seen all the same.
	/five photos in a row are an album/,
	/of a video nobody asked for, no more comes/,
	// The same presses as above the limit, from three more places.
	/a video that was not opened at all plays/,
	/who cannot be blocked stays/,
	/it is said of a device whose key is not known/,
	// Seen in other specs, too, if less closely.
	/a large picture keeps the box it has/,
	/a voice message waits, unsent, while one looks elsewhere/,
	/the browser's way back leads to the list, which/,
	/who erases everything is gone from the device/,
	/it is verified by a link from where the note leads/,
	// Somebody in Chromium is there already, from either engine.
	/in the same engine › two people become contacts|in the same engine two people/,
	// Of the way back two routes decide, one of them the longest.
	/each step to (?:the code of a contact|a new contact|the settings) is one of the way back/,
	/one of the way back, at 1280 pixels/,
	// More orders than one.
	/in whatever order.* \((?!1\))\d+\)/,
	// Other answers of the same kind are explained besides, and tests/unit/media has all of them.
	/a host that answers (?:410|5 GB|too short)/,
	/from a host that (?:zips parts|says it is a page)/,
	// What a file is, and what loads, unit tests ask of many more.
	/old and odd movies and sound go out clean/,
	/nothing loads by itself where that was chosen/,
	/what leads to another address waits until/,
	// The same in a conversation, without the viewer.
	/what is removed in the viewer can be brought back/,
	/what the conversation would not load by itself waits/,
	/a file that was removed from this device comes back/,
	// What people see first is looked at whenever the demo is started; no chat depends on it.
	/who signs in to the demo/,
	/who else asks the two/,
];

/** Specs that `npm test` runs in WebKit, too: there the engines differ most. Of each, what is run in Chromium alone. */
export const WEBKIT_SPECS: Readonly<Record<string, readonly RegExp[]>> = {
	// Decoding, seeking, workers that die, several tabs; not what simulates an engine, nor the same path again.
	play: [
		/a video whose size comes only after its metadata/,
		/a picture that Profanity sent/,
		/a sender's thumbnail is shown until/,
	],
	voice: [
		/the speed is that of all/,
		/one plays at a time/,
		/a long one goes on/,
		/may decode to more/,
		/decodes to more than it says/,
	],
	viewer: [/what was shared with a contact/, /keys and swipes go through/],
	// Storage and workers that are refused, or are not there at all.
	faults: [/refuses (?:keys|caches)/, /a worker that takes long/],
	'kept-file': [],
	// Each engine's player asks in its own way.
	tagged: [],
	// Ranges, compression, CORS, bodies that stream; a status or a header is the same to each engine.
	hosts: [
		/altered bytes were played/,
		/from a host that (?:hides|zips parts)/,
		/zips whatever was asked/,
		/a host that answers/,
		/from a host that (?:is Prosody|counts|is busy|says it is a page)/,
	],
	put: [],
	// The walls around the page; not what its own code alone decides.
	page: [
		/what is not a link/,
		/a link that is typed/,
		/a link in the address/,
		/settings are found/,
		/a picture opens full screen/,
		/a press closes a dialog/,
	],
	'left-page': [],
	// Streams, canvases and fonts of a document; what plays on is an element that moves.
	documents: [/a text is read as it is written/],
	'plays-on': [/a video goes on/],
	// Each thing once that people do all day, with somebody in Chromium.
	chat: [
		/a wrong password/,
		/what somebody does is told/,
		/a device that is verified and one that is not/,
		/nothing that is stored or shown/,
		/a reload loses nothing/,
		/a shared file is shown in its bubble/,
	],
	share: [
		/what is chosen can be put in order/,
		/shows the key of a link/,
		/handed over and is not here/,
		/drawn by nobody/,
		/dropped with no chat open/,
		// It has no share sheet.
		/what another app hands over/,
		/goes on to somebody else/,
	],
	// What is a letter, and where one ends, engines decide themselves.
	'reported-cases': [/names keep what people write/, /codes and links of others/],
	// Each engine scrolls in its own way, and WebKit keeps no place by itself.
	'list-follows': [/is all in sight/, /who answers what was new/],
};

/** What vitest leaves out. */
export const LEFT_OUT: readonly string[] = IS_SHORT ? LONG_FILES : [];

/** What each engine runs, for Playwright's configuration. */
export const ENGINES = {
	chromium: IS_SHORT ? { grepInvert: [...LONG_SPECS] } : {},
	webkit: IS_SHORT
		? {
				testMatch: Object.keys(WEBKIT_SPECS).map((name) => `**/${name}.spec.ts`),
				grepInvert: [...LONG_SPECS, ...Object.values(WEBKIT_SPECS).flat()],
			}
		: {},
};
