import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { findUploadService } from '../../../src/xmpp/extensions/upload.ts';
import { firstAnswer } from '../../../src/xmpp/first-answer.ts';
import { XmppError } from '../../../src/xmpp/xmpp-error.ts';

/** Milliseconds after which a question without an answer is over. */
const TIME = 15_000;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Those of a server, each with the milliseconds until it answers; `yes` takes files. */
type Services = readonly { readonly yes: boolean; readonly time: number }[];
const silent = { yes: false, time: TIME };
const no = { yes: false, time: 10 };
const yes = { yes: true, time: 10 };

/** Which one is found, and after how many milliseconds; how many were asked at a time. */
async function find(services: Services) {
	let most = 0;
	let asking = 0;
	let found: number | undefined | null = null;
	let asked = 0;
	let failure: string | undefined;
	const begun = Date.now();
	let time = 0;
	const finding = firstAnswer([...services.keys()], async (at) => {
		asked += 1;
		asking += 1;
		most = Math.max(most, asking);
		const service = services[at];
		await new Promise((resolve) => setTimeout(resolve, service?.time));
		asking -= 1;
		if (service?.time === TIME) throw new Error('timeout');
		return service?.yes ? { at } : undefined;
	});
	finding
		.then(
			(answer) => {
				found = answer?.at;
			},
			(thrown: Error) => {
				failure = thrown.message;
			},
		)
		.finally(() => {
			time = Date.now() - begun;
		});
	await vi.advanceTimersByTimeAsync(60_000);
	return { found, failure, time, most, asked };
}

it('finds what stands behind many', async () => {
	const { found, most } = await find([...Array.from({ length: 150 }, () => no), yes]);
	expect(found).toBe(150);
	expect(most).toBe(20);
});

it('ten that keep silent cost nothing where another has an answer', async () => {
	const { found, time } = await find([...Array.from({ length: 10 }, () => silent), yes, no]);
	expect(found).toBe(10);
	expect(time).toBeLessThan(1000);
});

it('a hundred that keep silent cost some seconds, and not a time-out each', async () => {
	const { found, time } = await find([...Array.from({ length: 100 }, () => silent), yes]);
	expect(found).toBe(100);
	expect(time).toBeLessThan(6000);
});

it('where none has an answer those that keep silent cost one time-out, and it is said that they were', async () => {
	const { found, failure, time } = await find([...Array.from({ length: 10 }, () => silent), no]);
	expect(found).toBeNull();
	expect(failure).toBe('timeout');
	expect(time).toBe(TIME);
});

it('where all say no there is none', async () => {
	expect(await find([no, no])).toMatchObject({ found: undefined, failure: undefined });
});

it('the first of the list is taken, if it is not much slower', async () => {
	expect(await find([{ yes: true, time: 200 }, yes, yes])).toMatchObject({ found: 0, time: 200 });
	expect(await find([{ yes: true, time: 5000 }, no, yes, yes])).toMatchObject({ found: 2 });
	expect(await find([no, yes, { yes: true, time: 5000 }])).toMatchObject({ found: 1, time: 10 });
});

it('nobody is asked any more once it is decided', async () => {
	const { asked } = await find([yes, ...Array.from({ length: 150 }, () => no)]);
	expect(asked).toBe(20);
});

it('an empty list has no answer', async () => {
	expect(await find([])).toMatchObject({ found: undefined, time: 0 });
});

it('the upload service is found behind 24 gateways, and behind ten that keep silent', async () => {
	const upload = { features: ['urn:xmpp:http:upload:0'], extensions: [] };
	const jids = Array.from({ length: 34 }, (_, n) => `gateway${n}.a.example`);
	const found = findUploadService(
		{
			getDiscoInfo: async (jid: string) => {
				if (jid === 'upload.a.example') return upload;
				if (jids.indexOf(jid) < 24) return { features: [] };
				return new Promise(() => undefined);
			},
		} as never,
		['a.example', ...jids, 'upload.a.example'],
	);
	await vi.advanceTimersByTimeAsync(1000);
	expect(await found).toEqual({ jid: 'upload.a.example' });
});

/** An error stanza, as stanza rejects with it. */
const refusal = (condition: string, type: string) => ({
	type: 'error',
	error: { condition, type },
});

it.each([
	['does not answer', refusal('timeout', 'cancel'), { code: 'timeout' }],
	['cannot be reached now', refusal('remote-server-timeout', 'wait'), { code: 'timeout' }],
	['was asked on a line that broke', new XmppError('offline'), { code: 'offline' }],
	['does not tell', refusal('service-unavailable', 'cancel'), undefined],
])('where the only service that may take files %s', async (_, thrown, failure) => {
	const found = findUploadService(
		{
			getDiscoInfo: async (jid: string) => {
				if (jid === 'upload.a.example') throw thrown;
				return { features: [] };
			},
		} as never,
		['a.example', 'upload.a.example'],
	);
	if (failure === undefined) expect(await found).toBeUndefined();
	else await expect(found).rejects.toMatchObject(failure);
});
