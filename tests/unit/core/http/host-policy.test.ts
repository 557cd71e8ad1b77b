import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { describe, expect, it } from 'vitest';
import { isLoopbackHost, isPublicHost } from '../../../../src/core/http/host-policy.ts';

/** As the URL parser prints it: what the policy is asked about. */
const printed = (host: string) => new URL(`https://${host}/`).hostname;

describe('isPublicHost', () => {
	it.each([
		'example.org',
		'upload.example.org',
		'EXAMPLE.org',
		'example.org.',
		'xn--mnchen-3ya.example',
		'localhost.example.org',
		'mylocalhost.org',
		'local.example',
		'notlocal.host',
		'internal.example.org',
		'arpa.example',
		'10.example.org',
		'127.0.0.1.example.org',
		'under_score.example',
	])('admits the name %s', (host) => {
		expect(isPublicHost(printed(host))).toBe(true);
	});

	it.each([
		'localhost',
		'LOCALHOST',
		'localhost.',
		'localhost..',
		'foo.localhost',
		'foo.localhost.',
		'a.b.localhost',
		'localhost.localdomain',
		'localhost.localdomain.',
		'localhost4.localdomain4',
		'localhost6.localdomain6.',
		'nas.private',
		'printer.local',
		'printer.local.',
		'local',
		'metadata.google.internal',
		'router.home.arpa',
		'nas.lan',
		'files.corp',
		'home.arpa',
		'intranet',
		'intranet.',
		'com',
		'db',
	])('refuses the name %s', (host) => {
		expect(isPublicHost(printed(host))).toBe(false);
	});

	it.each([
		'',
		'.',
		'..',
		'[',
		'[]',
		'[:]',
		'[::1',
		'[1:2:3:4:5:6:7]',
		'[1::2::3]',
		'[1:2:3:4:5:6:7:8:9]',
		'[1:2:3:4:5::6:7:8:9]',
		'[2001:g::1]',
		'[2606:4700:fffff::1]',
	])('refuses %j, which no URL parser prints', (host) => {
		expect(isPublicHost(host)).toBe(false);
	});

	// RFC 6890 and the IANA registry: the first and last address of each range, and their neighbours outside.
	it.each([
		['1.0.0.0', true],
		['1.1.1.1', true],
		['9.255.255.255', true],
		['11.0.0.0', true],
		['100.63.255.255', true],
		['100.128.0.0', true],
		['126.255.255.255', true],
		['128.0.0.0', true],
		['169.253.255.255', true],
		['169.255.0.0', true],
		['172.15.255.255', true],
		['172.32.0.0', true],
		['191.255.255.255', true],
		['192.0.1.0', true],
		['192.0.3.0', true],
		['192.1.0.0', true],
		['192.1.2.1', true],
		['192.167.255.255', true],
		['192.169.0.0', true],
		['198.17.255.255', true],
		['198.20.0.0', true],
		['198.51.99.255', true],
		['198.51.101.0', true],
		['198.52.100.1', true],
		['203.0.112.255', true],
		['203.0.114.0', true],
		['203.1.113.1', true],
		['223.255.255.255', true],
		['0.0.0.0', false],
		['0.255.255.255', false],
		['10.0.0.0', false],
		['10.255.255.255', false],
		['100.64.0.0', false],
		['100.127.255.255', false],
		['127.0.0.0', false],
		['127.0.0.1', false],
		['127.255.255.255', false],
		['169.254.0.0', false],
		['169.254.169.254', false],
		['169.254.255.255', false],
		['172.16.0.0', false],
		['172.31.255.255', false],
		['192.0.0.0', false],
		['192.0.0.255', false],
		['192.0.2.0', false],
		['192.0.2.255', false],
		['192.168.0.0', false],
		['192.168.255.255', false],
		['198.18.0.0', false],
		['198.19.255.255', false],
		['198.51.100.0', false],
		['198.51.100.255', false],
		['203.0.113.0', false],
		['203.0.113.255', false],
		['224.0.0.0', false],
		['239.255.255.255', false],
		['240.0.0.0', false],
		['255.255.255.255', false],
		['2130706433', false],
		['0x7f.1', false],
		['0177.0.0.1', false],
		['127.1', false],
		['127.0.0.1.', false],
	])('%s: %s', (host, expected) => {
		expect(isPublicHost(printed(host))).toBe(expected);
		// The same address as IPv6 writes it: mapped (RFC 4291) and behind NAT64 (RFC 6052).
		const quad = printed(host);
		expect(isPublicHost(printed(`[::ffff:${quad}]`))).toBe(expected);
		expect(isPublicHost(printed(`[64:ff9b::${quad}]`))).toBe(expected);
		expect(isPublicHost(printed(`[::${quad}]`))).toBe(false);
		expect(isPublicHost(printed(`[::ffff:0:${quad}]`))).toBe(false);
		expect(isPublicHost(printed(`[64:ff9b:1::${quad}]`))).toBe(false);
	});

	it.each([
		['[2001:200::]', true],
		['[2001:4860:4860::8888]', true],
		['[2001:db7:ffff::1]', true],
		['[2001:db9::]', true],
		['[2003::1]', true],
		['[2606:4700:4700::1111]', true],
		['[2a00:1450:4001:82a::200e]', true],
		['[3ffe:ffff::1]', true],
		['[3fff:1000::1]', true],
		['[2000::]', true],
		['[::]', false],
		['[::1]', false],
		['[::2]', false],
		['[0:0:0:0:0:fffe:808:808]', false],
		['[64:ff9b:0:1::808:808]', false],
		['[64:ff9b:1:7f00:1::808:808]', false],
		['[64:ff9c::808:808]', false],
		['[65:ff9b::808:808]', false],
		['[100::1]', false],
		['[1fff:ffff::1]', false],
		['[2001::1]', false],
		['[2001:0:7f00:1::808:808]', false],
		['[2001:2::1]', false],
		['[2001:1ff::1]', false],
		['[2001:db8::1]', false],
		['[2001:db8:ffff:ffff:ffff:ffff:ffff:ffff]', false],
		['[2002:7f00:1::]', false],
		['[2002:808:808::]', false],
		['[3fff::1]', false],
		['[3fff:fff::1]', false],
		['[4000::]', false],
		['[5f00::1]', false],
		['[fc00::]', false],
		['[fd12:3456:789a::1]', false],
		['[fdff:ffff::1]', false],
		['[fe80::1]', false],
		['[febf::1]', false],
		['[fec0::1]', false],
		['[ff02::1]', false],
		['[ffff::1]', false],
	])('%s: %s', (host, expected) => {
		expect(isPublicHost(printed(host))).toBe(expected);
	});
});

describe('isLoopbackHost', () => {
	it.each([
		['localhost', true],
		['127.0.0.1', true],
		['127.0.0.2', false],
		['foo.localhost', false],
		['localhost.example', false],
		['localhost.', false],
		['192.168.0.1', false],
		['[::1]', false],
		['', false],
	])('%j: %s', (host, expected) => {
		expect(isLoopbackHost(host)).toBe(expected);
	});
});

/** Special there, and reachable by everybody all the same (IANA); the last one is looked at above. */
const REACHABLE = ['as112', 'amt', 'as112v6', 'rfc6052'];
const FORMER_RELAYS = ipaddr.IPv4.parseCIDR('192.88.99.0/24');

/** What ipaddr.js holds of an address; undefined where the two are known to differ. */
function isUnicast(text: string): boolean | undefined {
	const address = ipaddr.process(text);
	if (REACHABLE.includes(address.range())) return undefined;
	if (address.kind() === 'ipv4' && address.match(FORMER_RELAYS)) return undefined;
	return address.range() === 'unicast';
}

describe('as ipaddr.js classifies', () => {
	it('any IPv4 address', () => {
		fc.assert(
			fc.property(fc.ipV4(), (host) => {
				const expected = isUnicast(host) ?? isPublicHost(host);
				expect([host, isPublicHost(host)]).toEqual([host, expected]);
			}),
			{ numRuns: 5000 },
		);
	});

	it('any IPv6 address: nothing is public here that is special there', () => {
		fc.assert(
			fc.property(fc.ipV6(), (text) => {
				const host = printed(`[${text}]`);
				if (isPublicHost(host)) expect([host, isUnicast(text) ?? true]).toEqual([host, true]);
			}),
			{ numRuns: 5000 },
		);
	});
});
