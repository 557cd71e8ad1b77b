import { MediaError } from '../../../src/core/errors.ts';
import type { OmemoElement, PublishedBundle } from '../../../src/core/omemo-element.ts';
import { createOmemo, type Omemo } from '../../../src/omemo/omemo.ts';
import { createOmemoRows } from '../../../src/omemo/omemo-rows.ts';
import type { FailureKind, OmemoTransport } from '../../../src/omemo/omemo-transport.ts';
import type { DeviceName } from '../../../src/omemo/reach.ts';
import type { Decrypted } from '../../../src/omemo/receive.ts';
import { createMemoryVault, type Vault } from '../../../src/vault/vault.ts';

/** What a transport throws. */
export class Failure extends Error {
	readonly kind: FailureKind;

	constructor(kind: FailureKind) {
		super(kind);
		this.kind = kind;
	}
}

/** What a server keeps of everybody's devices; pushes a list to whoever asks for pushes. */
export class Server {
	readonly lists = new Map<string, readonly number[]>();
	readonly bundles = new Map<string, PublishedBundle>();
	fetches = 0;
	/** whose lists were fetched, in order */
	readonly listFetches: string[] = [];
	isDown = false;
	/** stand in front of a list (by address) or a bundle (by address/id): may throw, wait, or answer something else */
	readonly listGates = new Map<string, () => Promise<void>>();
	readonly bundleGates = new Map<string, () => Promise<PublishedBundle | undefined | 'none'>>();

	transportOf(account: string): OmemoTransport {
		return {
			fetchDeviceList: async (jid) => {
				this.listFetches.push(jid);
				if (this.isDown) throw new Error('down');
				await this.listGates.get(jid)?.();
				return this.lists.get(jid);
			},
			publishDeviceList: async (ids) => void this.lists.set(account, ids),
			fetchBundle: async (jid, id) => {
				this.fetches += 1;
				const answer = await this.bundleGates.get(`${jid}/${id}`)?.();
				if (answer !== undefined) return answer === 'none' ? undefined : answer;
				return this.bundles.get(`${jid}/${id}`);
			},
			publishBundle: async (id, bundle) => void this.bundles.set(`${account}/${id}`, bundle),
		};
	}
}

/** One client of an account, and what it has kept. */
export class Client {
	readonly account: string;
	readonly vault: Vault;
	/** fails all that OMEMO writes by itself, as a full disk does */
	isFull = false;
	readonly omemo: Omemo;
	time = 1_000_000_000_000;
	/** what the last message was not encrypted to */
	leftOut: readonly DeviceName[] = [];
	/** fails the next write, as a full disk does */
	failNext = false;

	constructor(server: Server, account: string, vault = createMemoryVault()) {
		this.account = account;
		this.vault = vault;
		this.omemo = createOmemo({
			account,
			rows: createOmemoRows(
				{
					...this.vault.chat,
					write: async (...all) => {
						if (this.isFull) throw new MediaError('storage-full');
						await this.vault.chat.write(...all);
					},
				},
				account,
			),
			transport: server.transportOf(account),
			failureKind: (thrown) => (thrown instanceof Failure ? thrown.kind : 'permanent'),
			now: () => this.time,
		});
	}

	async start(): Promise<this> {
		await this.omemo.start();
		return this;
	}

	async encrypt(jid: string, text: string): Promise<OmemoElement> {
		let sent: OmemoElement | undefined;
		await this.omemo.encrypt(jid, text, async (element, writes, leftOut) => {
			if (this.failNext) {
				this.failNext = false;
				throw new Error('disk full');
			}
			await this.vault.chat.write(writes);
			sent = element;
			this.leftOut = leftOut;
		});
		return sent as OmemoElement;
	}

	async decrypt(from: string, element: OmemoElement): Promise<Decrypted & { waits: boolean }> {
		let got: Decrypted | undefined;
		const waits = await this.omemo.decrypt(from, element, async (decrypted, writes) => {
			await this.vault.chat.write(writes);
			got = decrypted;
		});
		return { ...(got as Decrypted), waits };
	}

	/** The identity key of this device, in hex. */
	async fingerprint(): Promise<string> {
		const devices = await this.omemo.devices(this.account);
		return devices.find(({ isThis }) => isThis)?.fingerprint ?? '';
	}

	async trustOf(jid: string): Promise<(string | undefined)[]> {
		return (await this.omemo.devices(jid)).map(({ trust }) => trust);
	}
}

/** Whoever can write in somebody's name, and has no key of theirs. */
export class Forger {
	readonly client: Client;
	readonly #own = new Server();
	readonly #server: Server;

	constructor(server: Server, account: string) {
		this.#server = server;
		this.client = new Client(this.#own, account);
	}

	/** The identity key, in hex. */
	fingerprint(): Promise<string> {
		return this.client.fingerprint();
	}

	/** The keys that this one publishes. */
	get bundle(): PublishedBundle {
		const bundle = this.#own.bundles.get(`${this.client.account}/${this.client.omemo.deviceId}`);
		if (bundle === undefined) throw new Error('begin first');
		return bundle;
	}

	/** What somebody takes for a message of the device `sid`; begins anew each time. */
	async forge(victim: Client, text: string, sid: number): Promise<OmemoElement> {
		const { client } = this;
		const id = victim.omemo.deviceId ?? 0;
		const bundle = this.#server.bundles.get(`${victim.account}/${id}`);
		if (bundle === undefined) throw new Error('no victim');
		this.#own.bundles.set(`${victim.account}/${id}`, bundle);
		if (client.omemo.deviceId === undefined) await client.start();
		await client.omemo.listChanged(victim.account, [id]);
		await client.vault.chat.removeAll(`omemo\n${client.account}\nsession\n${victim.account}`);
		return { ...(await client.encrypt(victim.account, text)), sid };
	}
}
