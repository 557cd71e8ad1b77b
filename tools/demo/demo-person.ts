import { failureKind } from '../../src/chat/people/failure-kind.ts';
import type { OmemoElement } from '../../src/core/omemo-element.ts';
import { createOmemo } from '../../src/omemo/omemo.ts';
import { createOmemoRows } from '../../src/omemo/omemo-rows.ts';
import { makeConnection } from '../../src/xmpp/connection.ts';
import { listenTo } from '../listen-to.ts';
import type { XmppAccount, XmppServer } from '../xmpp-server.ts';
import { openKeptRows } from './kept-rows.ts';

/** Row of the devices that have seen the scene. */
const SEEN = 'demo';

/** Another device of an account: it speaks for it, and reads nothing. */
export interface DemoPerson {
	/** bare */
	readonly jid: string;
	/** Resolves once each is a contact of the other. */
	know(other: { readonly jid: string; readonly name: string }): Promise<void>;
	/** What devices somebody has, as their own server says. */
	hear(jid: string, ids: readonly number[]): Promise<void>;
	/** Devices of this account that were not told yet; they are from now on. */
	untold(ids: readonly number[]): Promise<readonly number[]>;
	/** Resolves once the server has it. */
	say(to: string, line: { readonly id: string; readonly text: string }): Promise<void>;
	/** Puts a file of the account on its server; where it is found, http. */
	put(name: string, bytes: Uint8Array): Promise<string>;
	close(): Promise<void>;
}

/** Signs in as an account. `devices` is told whenever its list of devices changes. */
export async function startDemoPerson({
	server,
	account,
	name,
	file,
	devices,
}: {
	server: XmppServer;
	account: XmppAccount;
	/** what they call themselves */
	name: string;
	/** where this device is kept */
	file: string;
	devices: (ids: readonly number[]) => void;
}): Promise<DemoPerson> {
	const jid = `${account.user}@${server.domain}`;
	const rows = await openKeptRows(file);
	const acknowledged = new Map<string, () => void>();
	let befriended: () => void = () => undefined;
	const friends = new Set<string>();
	const asked = new Set<string>();
	let online: () => void = () => undefined;
	const isOnline = new Promise<void>((resolve) => {
		online = resolve;
	});
	const connection = makeConnection({
		account: jid,
		password: account.password,
		url: server.websocket,
		// It says to nobody what it is.
		mayLearnPresence: (other) => friends.has(other),
		events: listenTo({
			state: (state) => state === 'online' && online(),
			acked(id) {
				acknowledged.get(id)?.();
				acknowledged.delete(id);
			},
			deviceList(owner, ids) {
				void omemo.listChanged(owner, ids).catch(() => undefined);
				if (owner === jid) devices(ids);
			},
			roster(changed) {
				for (const contact of changed)
					if (contact.subscription === 'both') friends.add(contact.jid);
				befriended();
			},
			// Each asks the other; whether somebody else is let in is decided by who signed in.
			subscriptionRequest: (other) => void (asked.has(other) && connection.roster.accept(other)),
		}),
	});
	const omemo = createOmemo({
		account: jid,
		rows: createOmemoRows(rows, jid),
		transport: connection.devices,
		failureKind,
	});
	connection.connect('demo');
	await isOnline;
	for (const contact of await connection.roster.fetch())
		if (contact.subscription === 'both') friends.add(contact.jid);
	await omemo.start();
	await connection.nicknames.publish(name);
	const service = await connection.upload.findService();

	return {
		jid,
		async know(other) {
			if (friends.has(other.jid)) return;
			// It also accepts who has asked before.
			asked.add(other.jid);
			await connection.roster.add(other.jid, other.name);
			await new Promise<void>((resolve) => {
				befriended = () => friends.has(other.jid) && resolve();
				befriended();
			});
		},
		hear: (owner, ids) => omemo.listChanged(owner, ids),
		async untold(ids) {
			const told = ((await rows.get(SEEN)) as number[] | undefined) ?? [];
			const fresh = ids.filter((id) => id !== omemo.deviceId && !told.includes(id));
			if (fresh.length > 0) await rows.write([await rows.put(SEEN, [...told, ...fresh])]);
			return fresh;
		},
		async say(to, { id, text }) {
			let element: OmemoElement | undefined;
			await omemo.encrypt(to, text, async (encrypted, writes) => {
				await rows.write(writes);
				element = encrypted;
			});
			if (element === undefined) return;
			const isThere = new Promise<void>((resolve) => acknowledged.set(id, resolve));
			// Not for the archive: who comes later hears it again, and could not read this one.
			connection.send({ id, to, encrypted: element, chatState: 'active', store: false });
			await isThere;
		},
		async put(fileName, bytes) {
			if (service === undefined) throw new Error('the server takes no files');
			const file = { name: fileName, size: bytes.length };
			const { put, get, headers } = await connection.upload.requestSlot(service, file);
			const plain = (url: URL) => url.href.replace(/^https:/, 'http:');
			const response = await fetch(plain(put), {
				method: 'PUT',
				headers: { ...headers, 'Content-Type': 'application/octet-stream' },
				body: new Blob([Uint8Array.from(bytes)]),
			});
			if (!response.ok) throw new Error(`the upload of ${fileName}: ${response.status}`);
			return plain(get);
		},
		async close() {
			omemo.close();
			await connection.close();
		},
	};
}
