import { prepareFile } from '../../../src/chat/files/prepare-file.ts';
import { parseAesgcmUri } from '../../../src/core/links/aesgcm-uri.ts';
import { parseContactUri } from '../../../src/core/links/contact-uri.ts';
import { cleanName } from '../../../src/core/text/clean-name.ts';
import { cutText } from '../../../src/core/text/cut-text.ts';
import { cleanFileName } from '../../../src/core/text/file-name.ts';
import { textParts } from '../../../src/core/text/text-parts.ts';

const links = (text: string) =>
	textParts(text).flatMap((part) => (part.kind === 'link' ? [part.href] : []));
const hrefOf = (uri: string) => parseAesgcmUri(uri).url.href;

async function sentMovie(base64: string): Promise<string> {
	const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
	const { blob } = await prepareFile(new File([bytes], 'a.mp4'), { quality: 'original' });
	const sent = new Uint8Array(await blob.arrayBuffer());
	return btoa(Array.from(sent, (byte) => String.fromCharCode(byte)).join(''));
}

Object.assign(globalThis, {
	reported: { cleanFileName, cleanName, cutText, hrefOf, links, parseContactUri, sentMovie },
});
