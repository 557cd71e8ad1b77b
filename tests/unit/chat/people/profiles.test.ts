import { createStore } from 'solid-js/store';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { initialState } from '../../../../src/chat/model/messenger-state.ts';
import { createPeopleStore, type PeopleStore } from '../../../../src/chat/people/people-store.ts';
import { createProfiles, type Profiles } from '../../../../src/chat/people/profiles.ts';
import { type AvatarImage, avatarId } from '../../../../src/core/formats/pictures/avatar.ts';
import { createMemoryVault } from '../../../../src/vault/vault.ts';
import { XmppError } from '../../../../src/xmpp/xmpp-error.ts';
import { pass, passUntil, quiet } from '../../omemo/pass-time.ts';

const ME = 'me@a.example';
const HOUR = 60 * 60 * 1000;
const DAY = 24 * HOUR;
const TIMEOUT = 15_000;
const PNG = new Uint8Array(
	Buffer.from(
		'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
		'base64',
	),
);
const wait = (milliseconds: number) =>
	new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

let store: PeopleStore;
let profiles: Profiles;
let state: ReturnType<typeof initialState>;
let time: number;
/** who does not answer, whose line is cut, and what the others publish */
let silent: Set<string>;
let offline: Set<string>;
/** who does not answer for one of both: the name, if there is none here, or else the picture */
let halfSilent: Set<string>;
let nicks: Map<string, string>;
let avatars: Map<string, Uint8Array<ArrayBuffer>>;
let asked: string[];
/** what avatars are made of */
let shrink: (image: AvatarImage) => Promise<AvatarImage | undefined>;
let atOnce = 0;
let mostAtOnce = 0;

async function answered(jid: string): Promise<void> {
	atOnce += 1;
	mostAtOnce = Math.max(mostAtOnce, atOnce);
	try {
		if (offline.has(jid)) throw new XmppError('offline');
		if (!silent.has(jid)) return void (await wait(50));
		await wait(TIMEOUT);
		throw new XmppError('timeout');
	} finally {
		atOnce -= 1;
	}
}

function begin(): void {
	const [shown, setState] = createStore(initialState(ME));
	state = shown;
	profiles = createProfiles({
		account: ME,
		store,
		connection: {
			nicknames: {
				async fetch(jid) {
					asked.push(jid);
					await answered(jid);
					const nick = nicks.get(jid);
					if (nick === undefined && halfSilent.has(jid)) throw new XmppError('timeout');
					return nick;
				},
				publish: async () => answered(ME),
			},
			avatars: {
				async fetchId(jid) {
					if (offline.has(jid)) throw new XmppError('offline');
					if (silent.has(jid) || (nicks.has(jid) && halfSilent.has(jid)))
						throw new XmppError('timeout');
					return undefined;
				},
				async fetch(jid) {
					await answered(jid);
					return avatars.get(jid);
				},
				publish: async () => answered(ME),
			},
			visitingCards: {
				async fetch(jid) {
					await answered(jid);
					const photo = avatars.get(jid);
					return { name: `card of ${jid}`, ...(photo === undefined ? {} : { photo }) };
				},
			},
		},
		isContact: () => true,
		setState,
		shrink: (image) => shrink(image),
		now: () => time,
	});
}

beforeEach(() => {
	store = createPeopleStore(createMemoryVault().chat, ME);
	[silent, offline, nicks, avatars] = [new Set(), new Set(), new Map(), new Map()];
	halfSilent = new Set();
	shrink = async (image) => image;
	[asked, time, atOnce, mostAtOnce] = [[], 1_000_000_000_000, 0, 0];
	begin();
	vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
	let urls = 0;
	vi.spyOn(URL, 'createObjectURL').mockImplementation(() => `blob:${urls++}`);
	vi.spyOn(URL, 'revokeObjectURL').mockImplementation(() => undefined);
});
afterEach(() => {
	vi.useRealTimers();
	vi.restoreAllMocks();
});

const people = (count: number) => Array.from({ length: count }, (_, at) => `p${at}@b.example`);

describe('looking people up', () => {
	it('goes on past those whose servers are silent, and shows the others at once', async () => {
		silent.add('b@dead.example');
		nicks.set('c@b.example', 'Carol');
		const looking = profiles.lookUp(['a@b.example', 'b@dead.example', 'c@b.example']);
		await pass(500);
		expect(state.profiles['c@b.example']?.name).toBe('Carol');
		expect(state.profiles['a@b.example']?.name).toBe('card of a@b.example');
		expect(await passUntil(looking, 60_000)).toBeLessThanOrEqual(TIMEOUT);
	});

	it('remembers who was silent for hours, also in the next session, and who answered for a week', async () => {
		silent.add('b@dead.example');
		const both = ['b@dead.example', 'c@b.example'];
		await passUntil(profiles.lookUp(both), 60_000);
		begin();
		for (const [later, again] of [
			[1 * HOUR, []],
			[6 * HOUR, ['b@dead.example']],
			[7 * DAY, both],
		] as const) {
			asked = [];
			time = 1_000_000_000_000 + later;
			await passUntil(profiles.lookUp(both), 60_000);
			// Whose row is opened first is asked first.
			expect(asked.toSorted()).toEqual(again);
		}
	});

	it('asks a few at once, and silent ones hold nobody up for long', async () => {
		const dead = people(40);
		for (const jid of dead) silent.add(jid);
		nicks.set('last@b.example', 'Last');
		const looking = profiles.lookUp([...dead, 'last@b.example']);
		await pass(100);
		expect(mostAtOnce).toBe(6);
		await pass(22_000);
		expect(state.profiles['last@b.example']?.name).toBe('Last');
		await passUntil(looking, 60_000);
	});

	it('ends when we are offline, and blames nobody for that', async () => {
		const all = people(20);
		offline.add('p3@b.example');
		const looking = profiles.lookUp(all).then(
			() => 'done',
			(thrown: XmppError) => thrown.code,
		);
		await passUntil(looking, 60_000);
		expect(await looking).toBe('offline');
		expect(asked.length).toBeLessThan(20);
		offline.clear();
		asked = [];
		await passUntil(profiles.lookUp(all), 60_000);
		expect(asked).toContain('p3@b.example');
		expect(all.every((jid) => state.profiles[jid]?.name !== undefined)).toBe(true);
	});

	it('asks again whom we looked at while our clock was ahead', async () => {
		time += 365 * DAY;
		silent.add('b@dead.example');
		await passUntil(profiles.lookUp(['a@b.example', 'b@dead.example']), 60_000);
		time -= 365 * DAY;
		asked = [];
		await passUntil(profiles.lookUp(['a@b.example', 'b@dead.example']), 60_000);
		// Side by side: which of them is asked first is not said.
		expect(asked.sort()).toEqual(['a@b.example', 'b@dead.example']);
	});

	it('keeps the name of one whose picture does not come', async () => {
		nicks.set('a@b.example', 'Anna');
		await profiles.nickChanged('z@b.example', 'z');
		const before = await store.profile('a@b.example');
		expect(before).toEqual({});
		silent.add('a@b.example');
		const looking = profiles.lookUp(['a@b.example']);
		// It is pushed while we ask.
		await profiles.nickChanged('a@b.example', 'Newer');
		await passUntil(looking, 60_000);
		expect(await store.profile('a@b.example')).toEqual({ nick: 'Newer', failedAt: time });
	});
});

describe('who answers for one of both', () => {
	it('keeps their name where it was the picture, and is asked again after hours', async () => {
		nicks.set('a@b.example', 'Anna');
		halfSilent.add('a@b.example');
		await passUntil(profiles.lookUp(['a@b.example']), 60_000);
		expect(await store.profile('a@b.example')).toEqual({ nick: 'Anna', failedAt: time });
		time += 6 * HOUR;
		asked = [];
		await passUntil(profiles.lookUp(['a@b.example']), 60_000);
		expect(asked).toEqual(['a@b.example']);
	});

	it('is not called as on their card where it was the name', async () => {
		halfSilent.add('a@b.example');
		await passUntil(profiles.lookUp(['a@b.example']), 60_000);
		expect(await store.profile('a@b.example')).toEqual({ failedAt: time });
	});
});

describe('what is pushed', () => {
	it('waits for nobody else, and a name not for a picture', async () => {
		silent.add('b@dead.example');
		const id = await avatarId(PNG);
		void profiles.avatarChanged('b@dead.example', id, false).catch(() => undefined);
		void profiles.lookUp(['b@dead.example']).catch(() => undefined);
		avatars.set('c@b.example', PNG);
		await passUntil(profiles.nickChanged('b@dead.example', 'Bob'), 0);
		expect(state.profiles['b@dead.example']?.name).toBe('Bob');
		expect(await passUntil(profiles.avatarChanged('c@b.example', id, false), 1000)).toBe(250);
		expect(state.profiles['c@b.example']?.avatar).toMatch(/^blob:/);
		await pass(60_000);
	});

	it('the picture that was named last is the one that stays, and a thousand others are not fetched', async () => {
		const id = await avatarId(PNG);
		avatars.set('c@b.example', PNG);
		const fetched = vi.fn();
		const named = Array.from({ length: 1000 }, (_, at) => at.toString(16).padStart(40, '0'));
		const all = Promise.all(
			[...named, id].map((next) =>
				profiles.avatarChanged('c@b.example', next, false).then(fetched),
			),
		);
		expect(await passUntil(all, 5000)).toBeLessThanOrEqual(500);
		expect((await store.profile('c@b.example')).avatar?.id).toBe(id);
	});

	it('changes nothing after the end', async () => {
		profiles.close();
		await profiles.nickChanged('c@b.example', 'late');
		await quiet();
		expect(await store.profile('c@b.example')).toEqual({});
	});
});

describe('pictures of people', () => {
	/** The head of a PNG of that size. */
	const png = (width: number, height: number) => {
		const bytes = Uint8Array.from(PNG);
		new DataView(bytes.buffer).setUint32(16, width);
		new DataView(bytes.buffer).setUint32(20, height);
		return bytes;
	};
	const halved = async (image: AvatarImage) => ({
		...image,
		bytes: png(128, 128),
		width: 128,
		height: 128,
	});

	it('are kept and shown as they were made, under the name that they came with', async () => {
		shrink = halved;
		const large = png(1200, 1200);
		const id = await avatarId(large);
		avatars.set('p@b.example', large);
		await passUntil(profiles.avatarChanged('p@b.example', id, false), 1000);
		const { avatar } = await store.profile('p@b.example');
		expect(avatar).toMatchObject({ id, width: 128, bytes: png(128, 128) });
		expect(state.profiles['p@b.example']?.avatar).toBeDefined();
		// It is known by what was announced.
		const before = avatars.get('p@b.example');
		avatars.clear();
		await passUntil(profiles.avatarChanged('p@b.example', id, false), 1000);
		expect((await store.profile('p@b.example')).avatar?.id).toBe(id);
		expect(before).toBe(large);
	});

	it('that cannot be shown are not', async () => {
		shrink = async () => undefined;
		const large = png(4000, 4000);
		avatars.set('p@b.example', large);
		await passUntil(profiles.avatarChanged('p@b.example', await avatarId(large), false), 1000);
		expect(state.profiles['p@b.example']?.avatar).toBeUndefined();
		expect((await store.profile('p@b.example')).avatar).toBeUndefined();
	});

	it('of an older version are made small, and not drawn if they are larger than they say', async () => {
		const keep = async (jid: string, bytes: Uint8Array<ArrayBuffer>) => {
			const avatar = { id: await avatarId(bytes), bytes, type: 'image/png', width: 9, height: 9 };
			await store.write([await store.putProfile(jid, { nick: jid, avatar })]);
		};
		await keep('small@b.example', PNG);
		await keep('large@b.example', png(1000, 1000));
		await keep('bomb@b.example', png(12_000, 12_000));
		const seen: string[] = [];
		shrink = async (image) => {
			seen.push(image.id);
			const { width } = { width: new DataView(image.bytes.buffer).getUint32(16) };
			return width > 5000 ? undefined : halved(image);
		};
		begin();
		await profiles.load();
		expect(state.profiles['bomb@b.example']).toEqual({ name: 'bomb@b.example' });
		expect(state.profiles['large@b.example']?.avatar).toBeDefined();
		expect(state.profiles['small@b.example']?.avatar).toBeDefined();
		await vi.waitFor(async () => {
			expect((await store.profile('large@b.example')).avatar?.width).toBe(128);
			expect((await store.profile('bomb@b.example')).avatar).toBeUndefined();
		});
		expect(seen.length).toBe(2);
	});
});
