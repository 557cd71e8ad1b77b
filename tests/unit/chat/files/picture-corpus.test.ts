import { describe, expect, it } from 'vitest';
import { prepareFile } from '../../../../src/chat/files/prepare-file.ts';
import type { PhotoQuality } from '../../../../src/chat/model/account-settings.ts';
import { pictureCorpus } from '../../../pictures/corpus.ts';
import { told } from '../../../pictures/exif.ts';

const QUALITIES: readonly PhotoQuality[] = ['original', 'good', 'small'];

// No canvas is here: what would be drawn anew goes out cleaned, as it does where canvases lie.
describe.each(pictureCorpus())('$name', ({ name, bytes, becomes }) => {
	it(becomes === 'clean' ? 'goes out without what it tells' : 'is asked about', async () => {
		expect(told(bytes)).toBeDefined();
		const file = new File([Uint8Array.from(bytes)], name);
		for (const quality of QUALITIES) {
			const sending = prepareFile(file, { quality });
			if (becomes === 'asked') await expect(sending).rejects.toMatchObject({ code: 'not-clean' });
			else {
				const { blob, thumbnail, name: sent } = await sending;
				expect(told(new Uint8Array(await blob.arrayBuffer()))).toBeUndefined();
				expect(thumbnail).toBeUndefined();
				expect(sent.toLowerCase()).toBe(name.toLowerCase());
			}
		}
		const asItIs = await prepareFile(file, { quality: 'good', asItIs: true });
		expect(asItIs.blob).toBe(file);
	});
});
