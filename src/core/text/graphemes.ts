/** Tells apart what people take for one character (UAX #29), however many code points it has. */
export const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
