/** Writes a Brotli copy beside each text file of the build, for web servers that serve such copies (deploy/README.md). */
import { readFileSync, writeFileSync } from 'node:fs';
import { brotliCompressSync, constants } from 'node:zlib';
import { filesBelow } from './bundle-sizes.ts';

const ROOT = 'dist';
/** Bytes below which a copy is not worth a file. */
const MIN_SIZE = 1024;

for (const file of filesBelow(ROOT).filter((name) =>
	/\.(?:html|js|css|svg|webmanifest)$/.test(name),
)) {
	const bytes = readFileSync(file);
	if (bytes.length < MIN_SIZE) continue;
	const params = {
		[constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
		[constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
	};
	writeFileSync(`${file}.br`, brotliCompressSync(bytes, { params }));
}
