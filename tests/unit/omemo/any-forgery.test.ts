import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { OmemoElement, PublishedBundle } from '../../../src/core/omemo-element.ts';
import { Client, Forger, Server } from './support.ts';

const A = 'alice@a.example';
const B = 'bob@b.example';
const HOUR = 60 * 60 * 1000;

/** What cannot be read, or was read before, changes nothing. */
const ignored = (work: Promise<unknown>) =>
	work.then(
		() => 'read',
		() => 'refused',
	);

/** Alice has verified bob's one device; others write in bob's name, and the server says what it likes. */
class Scene {
	readonly server = new Server();
	readonly forgers = [new Forger(this.server, B), new Forger(this.server, B)] as const;
	readonly bob = new Client(this.server, B);
	alice = new Client(this.server, A);
	fingerprint = '';
	/** bob's own */
	bundle: PublishedBundle | undefined;
	/** what bob has sent and alice has not seen */
	readonly underWay: { text: string; element: OmemoElement }[] = [];
	readonly read: OmemoElement[] = [];

	static async open(): Promise<Scene> {
		const scene = new Scene();
		const { alice, bob } = scene;
		await bob.start();
		await alice.start();
		scene.bundle = scene.server.bundles.get(`${B}/${scene.sid}`);
		await bob.decrypt(A, await alice.encrypt(B, 'hello'));
		scene.fingerprint = await bob.fingerprint();
		await alice.omemo.setTrust(B, scene.fingerprint, 'verified');
		return scene;
	}

	get sid(): number {
		return this.bob.omemo.deviceId ?? 0;
	}

	publish(): void {
		this.server.bundles.set(`${B}/${this.sid}`, this.bundle ?? expect.unreachable());
	}

	async list(...ids: number[]): Promise<void> {
		this.server.lists.set(B, ids);
		await this.alice.omemo.listChanged(B, ids);
	}

	async deliver(at: number): Promise<void> {
		const [next] = this.underWay.splice(at % Math.max(this.underWay.length, 1), 1);
		if (next === undefined) return;
		const got = await this.alice.decrypt(B, next.element);
		expect(got).toMatchObject({ text: next.text, device: { trust: 'verified' } });
		this.read.push(next.element);
	}

	async isForged(element: OmemoElement): Promise<void> {
		expect((await this.alice.decrypt(B, element)).device.trust).toBe('undecided');
	}

	async isRefused(element: OmemoElement | undefined): Promise<void> {
		if (element !== undefined)
			expect(await ignored(this.alice.decrypt(B, element))).toBe('refused');
	}

	async heal(isHeard: boolean): Promise<void> {
		this.alice.time += HOUR;
		await this.alice.omemo.heal(B, this.sid, async (element, writes) => {
			await this.alice.vault.chat.write(writes);
			if (isHeard) await this.bob.decrypt(A, element);
		});
	}

	async send(isHeard: boolean): Promise<void> {
		const isListed = this.server.lists.get(B)?.includes(this.sid) === true;
		const sending = this.alice.encrypt(B, 'to bob');
		if (!isListed) return void (await ignored(sending));
		const sent = await sending;
		expect(sent.keys.map(({ rid }) => rid)).toEqual([this.sid]);
		if (isHeard) expect((await this.bob.decrypt(A, sent)).text).toBe('to bob');
	}

	async restart(): Promise<void> {
		const { time } = this.alice;
		this.alice.omemo.close();
		this.alice = new Client(this.server, A, this.alice.vault);
		this.alice.time = time;
		await this.alice.start();
	}

	async isAsBefore(): Promise<void> {
		const devices = (await this.alice.omemo.devices(B)).filter(({ id }) => id === this.sid);
		expect(devices[0]).toMatchObject({ fingerprint: this.fingerprint, trust: 'verified' });
	}

	close(): void {
		this.alice.omemo.close();
		this.bob.omemo.close();
	}
}

/** `pick` chooses among what there is; `bytes` are those of a key that is none. */
interface Choice {
	readonly pick: number;
	readonly bytes: Uint8Array<ArrayBuffer>;
}

const forgerOf = ({ forgers }: Scene, pick: number) => forgers[pick % 2] ?? forgers[0];
const again = ({ read }: Scene, pick: number) => read[pick % Math.max(read.length, 1)];

const STEPS: Readonly<Record<string, (scene: Scene, choice: Choice) => Promise<void>>> = {
	async true({ bob, underWay }) {
		const text = `message ${underWay.length}`;
		underWay.push({ text, element: await bob.encrypt(A, text) });
	},
	deliver: (scene, { pick }) => scene.deliver(pick),
	async 'forged beginning'(scene, { pick }) {
		await scene.isForged(await forgerOf(scene, pick).forge(scene.alice, 'trust me', scene.sid));
	},
	async 'forged message'(scene, { pick }) {
		const forger = forgerOf(scene, pick);
		await forger.forge(scene.alice, 'lost', scene.sid);
		await scene.isForged({ ...(await forger.client.encrypt(A, 'more')), sid: scene.sid });
	},
	async garbage(scene, { pick, bytes }) {
		const { alice, sid } = scene;
		const keys = [{ rid: alice.omemo.deviceId ?? 0, isPreKey: pick % 2 === 0, bytes }];
		await scene.isRefused({ sid, iv: new Uint8Array(12), keys });
	},
	replay: (scene, { pick }) => scene.isRefused(again(scene, pick)),
	async 'replay elsewhere'(scene, { pick }) {
		const element = again(scene, pick);
		await scene.isRefused(element && { ...element, sid: scene.sid + 1 });
	},
	'list without': (scene) => scene.list(),
	'junk list': (scene, { pick }) =>
		scene.list(...Array.from({ length: 110 }, (_, at) => 5000 + pick + at)),
	list: (scene) => scene.list(scene.sid),
	async 'other bundle'(scene, { pick }) {
		const forger = forgerOf(scene, pick);
		await forger.forge(scene.alice, 'lost', scene.sid);
		scene.server.bundles.set(`${B}/${scene.sid}`, forger.bundle);
	},
	async 'no prekeys'({ server, alice }) {
		const name = `${A}/${alice.omemo.deviceId}`;
		const bundle = server.bundles.get(name) ?? expect.unreachable();
		server.bundles.set(name, { ...bundle, preKeys: [] });
	},
	bundle: async (scene) => scene.publish(),
	heal: (scene) => scene.heal(true),
	'heal unheard': (scene) => scene.heal(false),
	send: (scene) => scene.send(true),
	'send unheard': (scene) => scene.send(false),
	restart: (scene) => scene.restart(),
};

const step = fc.record({
	what: fc.constantFrom('true', 'deliver', ...Object.keys(STEPS)),
	pick: fc.nat(1000),
	bytes: fc.uint8Array({ maxLength: 1000 }),
});

it('a verified device is read and written to, whatever is said in its name and in any order', async () => {
	await fc.assert(
		fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
			const scene = await Scene.open();
			for (const { what, pick, bytes } of steps) {
				await STEPS[what]?.(scene, { pick, bytes: Uint8Array.from(bytes) });
				await scene.isAsBefore();
			}
			while (scene.underWay.length > 0) await scene.deliver(0);
			scene.publish();
			await scene.list(scene.sid);
			await scene.send(true);
			scene.close();
		}),
		{ numRuns: 60 },
	);
}, 120_000);
