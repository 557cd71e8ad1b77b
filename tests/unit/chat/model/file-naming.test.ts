import { expect, it } from 'vitest';
import { interpret } from '../../../../src/chat/messages/interpret.ts';
import { isDocument, nameGivenBy, saidName } from '../../../../src/chat/model/file-naming.ts';
import type { Message, MessageFields } from '../../../../src/chat/model/message.ts';
import { accountSender } from '../../../../src/chat/model/sender.ts';

const BOB = 'bob@b.example';
const device = { id: 1, fingerprint: 'aa', trust: 'blind' } as const;

function said(text: string, more: Partial<MessageFields> = {}): Message {
	return interpret({
		key: text,
		peer: BOB,
		sender: accountSender(BOB),
		isOwn: false,
		id: text,
		time: 1000,
		isEncrypted: true,
		device,
		text,
		...more,
	});
}

const link = (name: string) => `aesgcm://host.example/${name}#${'0'.repeat(88)}`;
const file = said(link('5f2e4d.pdf'));

it('a line right behind a document that ends as it does is its name', () => {
	expect(nameGivenBy(file, said('Contract 2027.pdf'))).toBe('Contract 2027.pdf');
	expect(nameGivenBy(file, said('CONTRACT.PDF'))).toBe('CONTRACT.PDF');
});

it.each<[string, Message | undefined]>([
	['nothing', undefined],
	['another text', said('read it please')],
	['another extension', said('Contract.exe')],
	['a bare extension', said('.pdf')],
	['a link', said('https://x.example/new.pdf')],
	['a path', said('a/../b.pdf')],
	['what would be read in another order', said('fdp.\u202Etxt.pdf')],
	['what would lose a blank', said(' Contract.pdf')],
	['two lines', said('look\nContract.pdf')],
	['a text that is too long for a name', said(`${'x'.repeat(300)}.pdf`)],
	['another file', said(link('other.pdf'))],
	['an answer', said('Contract.pdf', { replyTo: { id: 'x', isQuoted: false } })],
	['what has failed', said('Contract.pdf', { problem: 'internal' })],
	['what was taken back', said('Contract.pdf', { isRetracted: true })],
	['what was edited', said('Contract.pdf', { isCorrected: true })],
	['what waits for something', said('Contract.pdf', { waitsFor: 'storage-full' })],
	['what not all can read', said('Contract.pdf', { leftOut: [{ jid: BOB, id: 2 }] as never })],
	['what somebody felt about', said('Contract.pdf', { reactions: [{ by: BOB, emojis: ['👍'] }] })],
	['a word of the other side', said('Contract.pdf', { isOwn: true })],
	['a word of somebody else', said('Contract.pdf', { sender: accountSender('eve@b.example') })],
	['a word of another device', said('Contract.pdf', { device: { ...device, fingerprint: 'bb' } })],
	['a word that a server wrote', said('Contract.pdf', { isEncrypted: false })],
	['a word of an hour later', said('Contract.pdf', { time: 3_601_000 })],
])('%s is not', (_, next) => expect(nameGivenBy(file, next)).toBeUndefined());

it.each(['photo.jpg', 'voice.m4a', 'clip.mp4'])('%s is called by nothing behind it', (name) => {
	expect(nameGivenBy(said(link(name)), said(`holiday.${name.split('.')[1]}`))).toBeUndefined();
});

it('what waits, or cannot be read by all, as its file does, is its name', () => {
	for (const more of [
		{ state: 'failed', problem: 'internal' } as const,
		{ waitsFor: 'no-devices' },
		{ leftOut: [{ jid: BOB, id: 2 }] as never },
	])
		expect(nameGivenBy(said(link('5f2e4d.pdf'), more), said('Contract.pdf', more))).toBe(
			'Contract.pdf',
		);
});

it('a name is said with its extension, and not at all where it was cleared', () => {
	expect(saidName('Contract', 'a.pdf')).toBe('Contract.pdf');
	expect(saidName('Contract.PDF', 'a.pdf')).toBe('Contract.PDF');
	expect(saidName('Contract v1.2', 'a.pdf')).toBe('Contract v1.2.pdf');
	expect(saidName('  ', 'a.pdf')).toBe('');
});

it.each([
	['Contract.pdf', true],
	['notes.txt', true],
	['IMG_20270301.heic', false],
	['holiday.jpg', false],
	['clip.mkv', false],
	// Nobody could tell it from a text.
	['Makefile', false],
])('%s is a document: %s', (name, is) => expect(isDocument(name)).toBe(is));
