import * as node from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createHash, createHmac, getHashes } from '../../../../src/xmpp/stanza-parts/hash.ts';

const bytes = fc.uint8Array({ maxLength: 300 });

describe.each(['sha-1', 'sha-256', 'sha-512'])('%s', (name) => {
	const nodeName = name.replace('-', '');

	it('is the one of Node', () => {
		fc.assert(
			fc.property(bytes, fc.string(), (a, b) => {
				const expected = node.createHash(nodeName).update(a).update(b).digest('base64');
				expect(createHash(name).update(a).update(b).digest('base64')).toBe(expected);
				expect(createHash(name.toUpperCase()).update(a).update(b).digest().toString('base64')).toBe(
					expected,
				);
			}),
		);
	});

	it('with a key, too', () => {
		fc.assert(
			fc.property(bytes, bytes, (key, text) => {
				const expected = node.createHmac(nodeName, key).update(text).digest('hex');
				expect(createHmac(name, key).update(text).digest('hex')).toBe(expected);
			}),
		);
	});
});

it('knows no other', () => {
	expect(getHashes()).toEqual(['sha-1', 'sha-256', 'sha-512']);
	expect(() => createHash('md5')).toThrow();
});
