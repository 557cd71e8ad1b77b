import { golden, message, NOW, YOU } from './support.ts';

const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex, 'hex'));
const ROOM = 'room@rooms.b.example';
const iv = bytes('000102030405060708090a0b');

golden('rfc6121-messages', {
	plain: { tells: [message({ id: 'm1', body: 'hello & welcome', chatState: 'active' })] },
	'without-type': { tells: [message({ body: 'normal' })] },
	'in-capitals': {
		tells: [message({ fromFull: 'YOU@B.Example/Phone', id: 'm1', body: 'hello' })],
	},
	'in-two-languages': { tells: [message({ id: 'm1', body: 'good evening' })] },
	bounced: {
		tells: [
			message({
				fromFull: YOU,
				id: 'm1',
				isError: true,
				errorCondition: 'remote-server-not-found',
				errorType: 'cancel',
			}),
		],
	},
	'bounced-for-no-reason': {
		tells: [
			message({
				fromFull: YOU,
				id: 'm1',
				isError: true,
				errorCondition: 'undefined-condition',
				errorType: 'cancel',
			}),
		],
	},
	'of-a-group': {},
	'with-markup': {
		tells: [
			message({
				fromFull: `${YOU}/<b>`,
				id: '<img src=x onerror=alert(1)>',
				body: '<script>alert(1)</script>',
			}),
		],
	},
	'with-a-wrong-way-round': {
		tells: [message({ id: 'm1', body: 'invoice\u202efdp.exe\u2066\u200b' })],
	},
	'for-somebody-else': {},
	'without-content': { tells: [message({}), message({})] },
	sent: {
		does: (line) => line.send({ id: 'm1', to: YOU, body: '5 < 6 & "so" <b>on</b>', store: true }),
	},
});

golden('0085-chat-states', {
	composing: { tells: [message({ chatState: 'composing' })] },
	'the-others': {
		tells: [
			message({ chatState: 'paused' }),
			message({ chatState: 'inactive' }),
			message({ chatState: 'gone' }),
		],
	},
	nonsense: { tells: [message({})] },
	sent: { does: (line) => line.send({ id: 's1', to: YOU, chatState: 'composing', store: false }) },
});

golden('0184-receipts', {
	requested: { tells: [message({ id: 'm1', body: 'hello', wantsReceipt: true })] },
	received: { tells: [message({ id: 'r1', receiptFor: 'm1' })] },
	'received-what': { tells: [message({ id: 'r1' })] },
	'received-and-requested': { tells: [message({ id: 'r1', receiptFor: 'm1' })] },
	sent: { does: (line) => line.send({ id: 'r1', to: YOU, receiptFor: 'm1', store: true }) },
	'asked-for': {
		does: (line) =>
			line.send({ id: 'm1', to: YOU, body: 'hello', wantsReceipt: true, store: true }),
	},
});

golden('0203-delay', {
	'stored-offline': {
		tells: [
			message({
				id: 'm1',
				body: 'earlier',
				time: Date.UTC(2026, 0, 30, 20, 15, 30),
				isDelayed: true,
			}),
		],
	},
	'to-the-millisecond': {
		tells: [
			message({
				id: 'm1',
				body: 'earlier',
				time: Date.UTC(2026, 0, 30, 20, 15, 30, 250),
				isDelayed: true,
			}),
		],
	},
	'without-a-time': {
		tells: [message({ id: 'm1', body: 'some day' }), message({ id: 'm2', body: 'some other day' })],
	},
	'from-the-future': {
		tells: [message({ id: 'm1', body: 'on top for ever', time: NOW, isDelayed: true })],
	},
});

golden('0308-correction', {
	corrected: { tells: [message({ id: 'm2', body: 'But soft, what light', replaces: 'm1' })] },
	'corrects-nothing': { tells: [message({ id: 'm2', body: 'words' })] },
	sent: {
		does: (line) =>
			line.send({ id: 'm2', to: YOU, body: 'better words', replaces: 'm1', store: true }),
	},
});

golden('0333-markers', {
	markable: { tells: [message({ id: 'm1', body: 'hello', isMarkable: true })] },
	displayed: { tells: [message({ id: 'd1', displayedId: 'm1' })] },
	'the-others': { tells: [message({ id: 'd1' }), message({ id: 'd2' }), message({ id: 'd3' })] },
	sent: { does: (line) => line.send({ id: 'd1', to: YOU, displayedId: 'm1', store: true }) },
	'asked-for': {
		does: (line) => line.send({ id: 'm1', to: YOU, body: 'hello', isMarkable: true, store: true }),
	},
});

golden('0334-hints', {
	'of-others': { tells: [message({ id: 'm1', body: 'forget this' })] },
	kept: { does: (line) => line.send({ id: 'm1', to: YOU, body: 'keep this', store: true }) },
	'not-kept': {
		does: (line) => line.send({ id: 'm1', to: YOU, body: 'forget this', store: false }),
	},
});

golden('0359-ids', {
	named: { tells: [message({ id: 'm1', originId: 'o1', archiveId: 'a1', body: 'hello' })] },
	'named-by-others': { tells: [message({ id: 'm1', body: 'hello' })] },
	'without-a-name': { tells: [message({ id: 'm1', body: 'hello' })] },
});

golden('0380-encryption', {
	openpgp: {
		tells: [message({ id: 'm1', body: 'This message is encrypted.', unreadable: 'openpgp' })],
	},
	'omemo-of-a-newer-kind': {
		tells: [
			message({
				id: 'm1',
				body: 'This message is encrypted.',
				unreadable: 'omemo-2',
			}),
		],
	},
	'omemo-that-is-none': {
		tells: [message({ id: 'm1', body: 'as if it were encrypted', unreadable: 'not-encrypted' })],
	},
	'omemo-of-a-newer-kind-without-a-hint': {
		tells: [message({ id: 'm1', body: 'Your client has no OMEMO.', unreadable: 'omemo-2' })],
	},
	'openpgp-without-a-hint': { tells: [message({ id: 'm1', unreadable: 'openpgp' })] },
	'named-as-it-likes': {
		tells: [message({ id: 'm1', body: 'You cannot read this.', unreadable: 'unknown-encryption' })],
	},
	'of-no-kind': { tells: [message({ id: 'm1', body: 'plain' })] },
});

golden('0384-omemo', {
	message: {
		tells: [
			message({
				id: 'm1',
				body: 'I sent you an OMEMO encrypted message but your client doesn’t seem to support that.',
				encrypted: {
					sid: 27183,
					iv,
					keys: [
						{ rid: 31415, isPreKey: false, bytes: bytes('330a2105') },
						{ rid: 12321, isPreKey: true, bytes: bytes('330801') },
					],
					payload: bytes('deadbeef'),
				},
			}),
		],
	},
	'prekey-as-a-number': {
		tells: [
			message({
				id: 'm1',
				encrypted: {
					sid: 27183,
					iv,
					keys: [{ rid: 31415, isPreKey: true, bytes: bytes('330a2105') }],
					payload: bytes('deadbeef'),
				},
			}),
		],
	},
	'key-transport': {
		tells: [
			message({
				id: 'm1',
				encrypted: {
					sid: 27183,
					iv,
					keys: [{ rid: 31415, isPreKey: false, bytes: bytes('330a2105') }],
				},
			}),
		],
	},
	'of-no-device': { tells: ['m1', 'm2', 'm3', 'm4'].map((id) => message({ id })) },
	'with-keys-that-are-none': {
		tells: [
			message({
				id: 'm1',
				encrypted: {
					sid: 27183,
					iv: bytes(''),
					keys: [{ rid: 31415, isPreKey: false, bytes: bytes('') }],
				},
			}),
		],
	},
	sent: {
		does: (line) =>
			line.send({
				id: 'm1',
				to: YOU,
				body: 'what must not be seen',
				encrypted: {
					sid: 12321,
					iv,
					keys: [
						{ rid: 31415, isPreKey: false, bytes: bytes('330a2105') },
						{ rid: 4294967295, isPreKey: true, bytes: bytes('330801') },
					],
					payload: bytes('deadbeef'),
				},
				wantsReceipt: true,
				store: true,
			}),
	},
	'key-transport-sent': {
		does: (line) =>
			line.send({
				id: 'm1',
				to: YOU,
				encrypted: {
					sid: 12321,
					iv,
					keys: [{ rid: 31415, isPreKey: false, bytes: bytes('330a2105') }],
				},
				store: true,
			}),
	},
});

golden('0424-retraction', {
	retracted: {
		tells: [
			message({
				id: 'm2',
				body: '/me retracted an earlier message, which your client cannot show.',
				retracts: 'm1',
			}),
		],
	},
	'retracts-nothing': { tells: [message({ id: 'm2' })] },
	'as-it-was-until-2023': {
		tells: [
			message({
				id: 'm2',
				body: "This person attempted to retract a previous message, but it's unsupported by your client.",
				retracts: 'o1',
			}),
		],
	},
	'by-a-moderator': {
		tells: [message({ id: 'm2' }), message({ id: 'm3' }), message({ id: 'm4' })],
	},
	sent: { does: (line) => line.send({ id: 'm2', to: YOU, retracts: 'm1', store: true }) },
});

golden('0444-reactions', {
	two: { tells: [message({ id: 'm2', reactions: { id: 'm1', emojis: ['👋', '🐢'] } })] },
	'none-any-more': { tells: [message({ id: 'm2', reactions: { id: 'm1', emojis: [] } })] },
	'written-differently': {
		tells: [
			message({
				id: 'm2',
				reactions: { id: 'm1', emojis: ['\u2764\ufe0f', '👍', '\u2639\ufe0f'] },
			}),
		],
	},
	'that-are-none': {
		tells: [message({ id: 'm2', reactions: { id: 'm1', emojis: ['👍'] } }), message({ id: 'm3' })],
	},
	sent: {
		does: (line) =>
			line.send({ id: 'm2', to: YOU, reactions: { id: 'm1', emojis: ['👋', '🐢'] }, store: true }),
	},
});

golden('0461-replies', {
	answer: {
		tells: [
			message({
				id: 'm2',
				body: '> shall we?\nyes',
				replyTo: 'm1',
				replyFallback: { start: 0, end: 12 },
			}),
		],
	},
	'answers-nothing': { tells: ['m2', 'm3', 'm4'].map((id) => message({ id, body: 'yes' })) },
	sent: {
		does: (line) =>
			line.send({
				id: 'm2',
				to: YOU,
				body: '> shall we?\nyes',
				replyTo: { id: 'm1', author: YOU },
				replyFallback: 12,
				store: true,
			}),
	},
});

golden('0353-calls', {
	proposed: { tells: [message({ id: 'm1', unreadable: 'call' })] },
	'taken-back': { tells: [message({ id: 'm1' })] },
});

golden('0249-invitations', {
	direct: { tells: [message({ id: 'm1', unreadable: 'invitation' })] },
	'direct-with-words': {
		tells: [
			message({
				id: 'm1',
				body: 'You are invited to room@rooms.b.example',
				unreadable: 'invitation',
			}),
		],
	},
});

golden('0045-invitations', {
	mediated: { tells: [message({ id: 'm1', unreadable: 'invitation' })] },
	'in-the-name-of-somebody': {
		tells: [message({ fromFull: 'you@b.example', id: 'm1', unreadable: 'invitation' })],
	},
	'in-our-name': {},
	declined: { tells: [message({ from: ROOM, fromFull: ROOM, peer: ROOM, id: 'm1' })] },
});

golden('0447-files', {
	'without-words': { tells: [message({ id: 'm1', unreadable: 'file' })] },
	'with-words': { tells: [message({ id: 'm1', body: 'https://b.example/a.jpg' })] },
});
