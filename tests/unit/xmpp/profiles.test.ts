import { fetchProfile } from '../../../src/xmpp/fetch-profile.ts';
import { golden, YOU } from './support.ts';

const ID = '111f4b3c50d7b0df729d299bc6f8e9ef9066971f';
const bytes = Uint8Array.of(0x89, 0x50, 0x4e);

golden('0084-avatars', {
	shown: { tells: [['avatar', YOU, ID, false]] },
	'taken-away': { tells: [['avatar', YOU, '', false]] },
	'that-is-none': {},
	fetched: { does: (line) => line.avatars.fetch(YOU, ID), gives: bytes },
	'fetched-in-vain': {
		does: async (line) => [
			await line.avatars.fetch(YOU, ID),
			await line.avatars.fetch(YOU, ID),
			await line.avatars.fetch(YOU, ID),
		],
		gives: [undefined, undefined, undefined],
	},
	published: {
		does: (line) =>
			line.avatars.publish({ id: ID, bytes, type: 'image/png', width: 64, height: 48 }),
	},
});

golden('0153-older-avatars', {
	shown: {
		tells: [
			['presence', YOU, true],
			['avatar', YOU, ID, true],
		],
	},
	'that-is-none': {
		tells: [
			['presence', YOU, true],
			['presence', YOU, true],
		],
	},
});

golden('0054-visiting-cards', {
	fetched: { does: (line) => line.visitingCards.fetch(YOU), gives: { name: 'you', photo: bytes } },
	'without-anything': {
		does: async (line) => [
			await line.visitingCards.fetch(YOU),
			await line.visitingCards.fetch(YOU),
			await line.visitingCards.fetch(YOU),
		],
		gives: [{}, {}, {}],
	},
});

golden('0172-nicknames', {
	told: { tells: [['nick', YOU, 'You <b>']] },
	'taken-back': { tells: [['nick', YOU, '']] },
	published: { does: (line) => line.nicknames.publish('Me') },
	'looked-up': {
		does: (line) => fetchProfile(line, YOU),
		gives: { nick: 'You <b>', avatarId: ID },
	},
	'looked-up-in-vain': { does: (line) => fetchProfile(line, YOU), gives: {} },
});
