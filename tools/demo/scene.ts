/** What two people said before somebody signs in as one of them. A file is one of `samples/`. */
export type SceneLine = { readonly by: 'anna' | 'ben' } & (
	| { readonly text: string }
	| { readonly file: string }
);

export const SCENE: readonly SceneLine[] = [
	{ by: 'ben', text: 'Up on the balcony already. Look at that sky!' },
	{ by: 'ben', file: 'balcony.jpg' },
	{ by: 'anna', text: 'Oh, that *light*. Keep a chair for me!' },
	{ by: 'ben', text: 'Two. And these are from last week, when you could not come:' },
	{ by: 'ben', file: 'roofs.jpg' },
	{ by: 'ben', file: 'sky.jpg' },
	{ by: 'ben', file: 'flowers.jpg' },
	{ by: 'ben', file: 'sunset.jpg' },
	{ by: 'anna', text: 'The flowers made it through the heat, then 🌼' },
	{ by: 'ben', file: 'voice-message.m4a' },
	{ by: 'anna', text: 'On my way. I bring bread and olives.' },
	{ by: 'ben', file: 'evening.mp4' },
	{
		by: 'ben',
		text: 'A minute of it, until you are here. Jump to anywhere, it need not load first.',
	},
];
