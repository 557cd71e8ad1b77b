import { messageXml } from '../interop/raw-client.ts';
import { expect } from './chat-fixtures.ts';
import { test } from './raw-contact.ts';

test.use({ isPrivate: true });

test('what cannot be read or opened here leaves a line in plain words', async ({
	alice,
	mallory,
}) => {
	await alice.addContact(mallory.jid);
	const hint = (namespace: string, name = '') =>
		`<encryption xmlns="urn:xmpp:eme:0" namespace="${namespace}" name="${name}"/><body>Encrypted.</body>`;
	for (const content of [
		'<propose xmlns="urn:xmpp:jingle-message:0" id="c1"><description xmlns="urn:xmpp:jingle:apps:rtp:1" media="audio"/></propose>',
		'<x xmlns="jabber:x:conference" jid="room@rooms.localhost"/>',
		'<file-sharing xmlns="urn:xmpp:sfs:0"><file xmlns="urn:xmpp:file:metadata:0"><name>a.jpg</name></file></file-sharing>',
		hint('urn:xmpp:omemo:2'),
		hint('urn:example:none', 'verified by Balcony'),
		'<body>That was all</body>',
	])
		mallory.send(messageXml(alice.jid, content));
	await alice.message('That was all');
	const lines = () =>
		alice.tab.evaluate(() =>
			[...document.querySelectorAll<HTMLElement>('.message-problem')].map(({ innerText }) =>
				innerText.trim(),
			),
		);
	await expect
		.poll(lines)
		.toEqual([
			"A call. Balcony can't take calls yet.",
			'An invitation to a group. Balcony has no groups yet.',
			"A file of a kind that Balcony can't open yet.",
			"Encrypted with a newer version of OMEMO, which Balcony can't read yet.",
			"Encrypted in a way that Balcony can't read.",
		]);
});
