import { golden, ME, message, NOW, YOU } from './support.ts';

const EVE = 'eve@c.example';
const AFTERNOON = Date.UTC(2026, 0, 31, 11);

golden('0280-carbons', {
	received: {
		tells: [message({ id: 'm1', archiveId: 'a1', body: 'to the laptop', isDelayed: true })],
	},
	'received-later': {
		tells: [message({ id: 'm1', body: 'to the laptop', time: AFTERNOON, isDelayed: true })],
	},
	sent: {
		tells: [
			message({
				from: ME,
				fromFull: `${ME}/laptop`,
				to: YOU,
				isOwn: true,
				id: 'm1',
				originId: 'm1',
				body: 'from the laptop',
				time: AFTERNOON,
				isDelayed: true,
			}),
		],
	},
	forged: {},
	'forged-in-a-true-one': {
		tells: [
			message({
				from: EVE,
				fromFull: `${EVE}/x`,
				peer: EVE,
				id: 'm1',
				isDelayed: true,
			}),
		],
	},
	'sent-by-somebody-else': {},
	'of-nothing': {},
});

golden('0297-forwarding', {
	'without-an-envelope': {
		tells: [
			message({
				from: EVE,
				fromFull: `${EVE}/x`,
				peer: EVE,
				id: 'm1',
				body: 'look what they wrote',
			}),
		],
	},
});

const archived = (given: Parameters<typeof message>[0]) =>
	message({ time: Date.UTC(2026, 0, 30, 20, 15, 30), isDelayed: true, ...given })[1];

golden('0313-archive', {
	'from-its-end': {
		does: (line) => line.archive.fetch({ before: '' }),
		gives: {
			messages: [
				archived({ id: 'm1', archiveId: 'a1', body: 'first', wantsReceipt: true }),
				archived({
					from: ME,
					fromFull: `${ME}/laptop`,
					to: YOU,
					isOwn: true,
					id: 'm2',
					archiveId: 'a2',
					body: 'second',
					time: Date.UTC(2026, 0, 30, 20, 16),
				}),
			],
			first: 'a1',
			last: 'a2',
			complete: true,
		},
	},
	'of-one-after-an-id': {
		does: (line) => line.archive.fetch({ after: 'a2', peer: YOU }),
		gives: { messages: [], complete: true },
	},
	forgotten: {
		does: (line) => line.archive.fetch({ after: 'long gone' }),
		throws: { code: 'refused', condition: 'item-not-found' },
	},
	'with-forgeries': {
		does: (line) => line.archive.fetch({ before: '' }),
		gives: {
			messages: [archived({ id: 'm4', archiveId: 'a1', body: 'true' })],
			first: 'a1',
			last: 'a1',
			complete: false,
		},
	},
	'not-asked-for': {},
	'of-nothing': {
		does: (line) => line.archive.fetch({ before: '' }),
		gives: {
			messages: [archived({ id: 'm4', archiveId: 'a4', body: 'without a time', time: NOW })],
			first: 'a1',
			last: 'a5',
			complete: false,
		},
	},
	'without-an-end': {
		does: (line) => line.archive.fetch({ before: '' }),
		gives: { messages: [], complete: true },
	},
});
