import type { Extension } from '../src/xmpp/extensions/extension.ts';

/** `docs/XEPS.md`: what is implemented, for people. */
export function xepTable(extensions: readonly Extension[]): string {
	const rows = extensions.map(
		({ number, name, version, ...rest }) =>
			`| [XEP-${number}](https://xmpp.org/extensions/xep-${number}.html) | ${name} | ${version} | ${noteOf(rest)} |`,
	);
	return [
		'# XMPP extensions',
		'',
		'Written by `npm run xeps` from `src/xmpp/extensions`. Do not edit it here.',
		'',
		'| number | name | version | note |',
		'|---|---|---|---|',
		...rows,
		'',
	].join('\n');
}

/** `balcony.doap`: the same for programs (XEP-0453). */
export function doap(extensions: readonly Extension[], description: string): string {
	const supported = extensions.map(({ number, version, ...rest }) => {
		const note = noteOf(rest);
		const fields = [
			`<xmpp:xep rdf:resource="https://xmpp.org/extensions/xep-${number}.html"/>`,
			`<xmpp:status>${rest.onlyPart === undefined ? 'complete' : 'partial'}</xmpp:status>`,
			`<xmpp:version>${version}</xmpp:version>`,
			...(note === '' ? [] : [`<xmpp:note xml:lang="en">${escaped(note)}</xmpp:note>`]),
		].map((field) => `\t\t\t\t${field}`);
		return [
			'\t\t<implements>',
			'\t\t\t<xmpp:SupportedXep>',
			...fields,
			'\t\t\t</xmpp:SupportedXep>',
			'\t\t</implements>',
		];
	});
	return [
		'<?xml version="1.0" encoding="UTF-8"?>',
		'<!-- Written by `npm run xeps` from src/xmpp/extensions. -->',
		'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://usefulinc.com/ns/doap#" xmlns:xmpp="https://linkmauve.fr/ns/xmpp-doap#">',
		'\t<Project>',
		`\t\t<name>Balcony</name>`,
		`\t\t<shortdesc xml:lang="en">${escaped(description)}</shortdesc>`,
		'\t\t<programming-language>TypeScript</programming-language>',
		'\t\t<implements rdf:resource="https://xmpp.org/rfcs/rfc6120.html"/>',
		'\t\t<implements rdf:resource="https://xmpp.org/rfcs/rfc6121.html"/>',
		'\t\t<implements rdf:resource="https://xmpp.org/rfcs/rfc7395.html"/>',
		...supported.flat(),
		'\t</Project>',
		'</rdf:RDF>',
		'',
	].join('\n');
}

function noteOf({ note, onlyPart }: Pick<Extension, 'note' | 'onlyPart'>): string {
	return note ?? (onlyPart === undefined ? '' : `only: ${onlyPart}`);
}

function escaped(text: string): string {
	return text.replace(/&/g, '&amp;').replace(/</g, '&lt;');
}
