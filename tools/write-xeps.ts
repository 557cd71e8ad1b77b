/** Writes docs/XEPS.md and balcony.doap from the registry of extensions. */
import { readFileSync, writeFileSync } from 'node:fs';
import { EXTENSIONS } from '../src/xmpp/extensions/index.ts';
import { doap, xepTable } from './xep-list.ts';

const { description } = JSON.parse(readFileSync('package.json', 'utf8')) as { description: string };
writeFileSync('docs/XEPS.md', xepTable(EXTENSIONS));
writeFileSync('balcony.doap', doap(EXTENSIONS, description));
