import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../../../src/core/links/address.ts';
import {
	type ContactUri,
	formatContactUri,
	parseContact,
	parseContactUri,
} from '../../../../src/core/links/contact-uri.ts';

const A = 'a1'.repeat(32);
const B = 'b2'.repeat(32);

const contacts: fc.Arbitrary<ContactUri> = fc.record({
	address: fc
		.tuple(
			fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }),
			fc.string({ unit: fc.constantFrom('a', 'é', '-', '9'), minLength: 1, maxLength: 20 }),
		)
		.map(([local, domain]) => parseAddress(`${local}@${domain}.org`))
		.filter((address) => address !== undefined),
	devices: fc.uniqueArray(
		fc.record({
			id: fc.integer({ min: 1, max: 0xffffffff }),
			fingerprint: fc.string({
				unit: fc.constantFrom(...'0123456789abcdef'),
				minLength: 64,
				maxLength: 64,
			}),
		}),
		{ selector: ({ id }) => id, maxLength: 32 },
	),
});

describe('a link to somebody', () => {
	it('is written as other clients write it', () => {
		const devices = [
			{ id: 820222489, fingerprint: A },
			{ id: 1926933071, fingerprint: B },
		];
		expect(formatContactUri({ address: 'jid@example.com', devices })).toBe(
			`xmpp:jid@example.com?omemo-sid-820222489=${A};omemo-sid-1926933071=${B}`,
		);
		expect(formatContactUri({ address: 'a?b@ex.org', devices: [] })).toBe('xmpp:a%3Fb@ex.org');
	});

	it('comes back as it was', () => {
		fc.assert(
			fc.property(contacts, (contact) => {
				expect(parseContactUri(formatContactUri(contact))).toEqual(contact);
			}),
		);
	});

	it.each([
		['xmpp:Anna@Example.org', []],
		[' XMPP:anna@example.org?message ', []],
		['xmpp:anna@example.org?roster;name=Anna%20B', []],
		[`xmpp:anna@example.org?otr-fingerprint=00;omemo-sid-1=${A}`, [{ id: 1, fingerprint: A }]],
		[`xmpp:%61nna@example.org?omemo-sid-1=${A.toUpperCase()}`, [{ id: 1, fingerprint: A }]],
		[`xmpp:anna@example.org?omemo-sid-1=${A};omemo-sid-1=${A};`, [{ id: 1, fingerprint: A }]],
		[
			`xmpp:anna@example.org?omemo-sid-4294967295=${A};omemo-sid-7=${A}`,
			[
				{ id: 4294967295, fingerprint: A },
				{ id: 7, fingerprint: A },
			],
		],
	])('%s is read', (text, devices) => {
		expect(parseContactUri(text)).toEqual({ address: 'anna@example.org', devices });
	});

	it.each([
		'',
		'anna@example.org',
		'xmpp:',
		'xmpp:anna',
		'xmpp://anna@example.org',
		'xmpp:anna@example.org/phone',
		'xmpp:anna%@example.org',
		'xmpp:an%40na@example.org',
		'xmpp:anna@example.org#x',
		'https://example.org/anna@example.org',
		`xmpp:anna@example.org?omemo-sid-0=${A}`,
		`xmpp:anna@example.org?omemo-sid-01=${A}`,
		`xmpp:anna@example.org?omemo-sid-4294967296=${A}`,
		`xmpp:anna@example.org?omemo-sid-1=${A}0`,
		`xmpp:anna@example.org?omemo-sid-1=06${A}`,
		`xmpp:anna@example.org?omemo-sid-1=0505${A}`,
		`xmpp:anna@example.org?omemo-sid-1=-${A}`,
		`xmpp:anna@example.org?omemo-sid-1=${A}&omemo-sid-1=${B}`,
		`xmpp:anna@example.org?omemo-sid-1=${A}%`,
		`xmpp:anna@example.org?omemo-sid-1=${A.replace('a', '%')}`,
		`xmpp:anna@example.org?omemo-sid-1=${A.slice(1)}`,
		`xmpp:anna@example.org?omemo-sid-1=${A.slice(1)}g`,
		`xmpp:anna@example.org?omemo-sid-1= ${A}`,
		`xmpp:anna@example.org?OMEMO-SID-x=${A}`,
		'xmpp:anna@example.org?omemo-sid-1',
		`xmpp:anna@example.org?omemo-sid-1=${A};omemo-sid-1=${B}`,
		`xmpp:anna@example.org?x=${'y'.repeat(8192)}`,
		`xmpp:anna@example.org?${Array.from({ length: 33 }, (_, id) => `omemo-sid-${id + 1}=${A}`).join(';')}`,
	])('%s is refused', (text) => {
		expect(parseContactUri(text)).toBeUndefined();
	});

	it.each([
		['with dashes', `omemo-sid-1=${A.match(/.{8}/g)?.join('-')}`],
		['with dashes, in capitals', `omemo-sid-1=${A.toUpperCase().match(/.{8}/g)?.join('-')}`],
		['with colons', `omemo-sid-1=${A.match(/../g)?.join(':')}`],
		['with blanks', `omemo-sid-1=${A.match(/.{8}/g)?.join('%20')}`],
		['as OMEMO sends it', `omemo-sid-1=05${A}`],
		['as OMEMO sends it, with dashes', `omemo-sid-1=05-${A.match(/.{8}/g)?.join('-')}`],
		['twice, in two ways', `omemo-sid-1=05${A};omemo-sid-1=${A.match(/.{8}/g)?.join('-')}`],
	])('names a device by its fingerprint %s', (_, query) => {
		expect(parseContactUri(`xmpp:anna@example.org?${query}`)?.devices).toEqual([
			{ id: 1, fingerprint: A },
		]);
	});

	it.each(['&', ';', '&;', ';;'])('names devices with %j between them', (between) => {
		const devices = [A, B].map((fingerprint, id) => `omemo-sid-${id + 1}=${fingerprint}`);
		expect(parseContactUri(`xmpp:anna@example.org?${devices.join(between)}`)?.devices).toEqual([
			{ id: 1, fingerprint: A },
			{ id: 2, fingerprint: B },
		]);
	});

	it.each([
		['join', true],
		['JOIN', true],
		['join;password=x', true],
		['join&password=x', true],
		['invite;jid=a@b.example', true],
		['message;type=groupchat;body=x', true],
		['message;body=join', undefined],
		['roster;name=join', undefined],
		['joined', undefined],
		['subscribe', undefined],
	])('%s is one to a group: %j', (query, isGroup) => {
		expect(parseContact(`xmpp:room@muc.example.org?${query}`)?.isGroup).toBe(isGroup);
	});

	it('may stand for an address where one is typed', () => {
		const anna = { address: 'anna@example.org', devices: [] };
		expect(parseContact(' Anna@example.org')).toEqual(anna);
		expect(parseContact('xmpp:anna@example.org')).toEqual(anna);
		expect(parseContact('anna')).toBeUndefined();
	});

	it('that is damaged is refused, or says what it says', () => {
		fc.assert(
			fc.property(
				contacts,
				fc.nat(),
				fc.string({ unit: 'binary', maxLength: 3 }),
				(contact, at, junk) => {
					const text = formatContactUri(contact);
					const place = at % (text.length + 1);
					const found = parseContactUri(text.slice(0, place) + junk + text.slice(place + 1));
					if (found === undefined) return;
					expect(parseAddress(found.address)).toBe(found.address);
					for (const { id, fingerprint } of found.devices) {
						expect(Number.isInteger(id) && id > 0 && id <= 0xffffffff).toBe(true);
						expect(fingerprint).toMatch(/^[0-9a-f]{64}$/);
					}
				},
			),
		);
	});
});
