import * as v from 'valibot';
import { type Bytes, equalBytes, toHex } from '../core/bytes.ts';
import { bytesSchema, fitting, type RowSchema, rowSchema } from '../core/row-schema.ts';
import type { ChatRows, ChatWrite } from '../vault/chat-rows.ts';
import { DEVICE_FAILURE, type DeviceFailure } from './device-failure.ts';
import { OWN_DEVICE, type OwnDevice } from './own-device.ts';
import { SESSION, type Session } from './ratchet/session-state.ts';
import { TRUST, type Trust } from './trust.ts';

/** An identity key that somebody was seen with. */
export interface Identity {
	/** 32 bytes */
	readonly key: Bytes;
	readonly trust: Trust;
	/** milliseconds since the epoch */
	readonly firstSeen: number;
}

/** One device of somebody, ours included. */
export interface PeerDevice {
	readonly id: number;
	/** on the list that was published last */
	readonly active: boolean;
	/** The key in use, 32 bytes: messages are encrypted to it. Unknown until its bundle was fetched or a message came. */
	readonly identityKey?: Bytes;
	/** Its bundle named the key in use; absent where that came by messages alone, and in old rows. */
	readonly isPublished?: true;
	/** other keys by which something came under this id, last used first; they decrypt, and nothing is encrypted to them */
	readonly otherKeys?: readonly Bytes[];
	/** which of its keys is right is doubtful: its bundle is looked at before the next message */
	readonly isContested?: true;
	/** when its bundle could last not be fetched or used, milliseconds since the epoch */
	readonly failedAt?: number;
	/** why; absent in old rows */
	readonly failure?: DeviceFailure;
	/** how often in a row; absent in old rows */
	readonly failures?: number;
	/** when a broken session with it was last replaced */
	readonly healedAt?: number;
}

/** All that is kept of somebody's devices, in one row. */
export interface Peer {
	readonly devices: readonly PeerDevice[];
	readonly identities: readonly Identity[];
	/** when the list was last fetched or pushed, milliseconds since the epoch */
	readonly listedAt?: number;
	/** There is a list, though it may be empty. Absent in old rows, which say so by `listedAt` and devices. */
	readonly hasList?: true;
	/** A person has once verified a key of theirs, whatever became of it. Absent in old rows, see `isVerifying`. */
	readonly isVerifying?: true;
}

const YES = v.custom<true>((value) => value === true);

const PEER: RowSchema<Peer> = rowSchema<Peer>({
	devices: v.array(
		rowSchema<PeerDevice>({
			id: v.number(),
			active: v.boolean(),
			identityKey: v.optional(bytesSchema),
			isPublished: v.optional(YES),
			otherKeys: v.optional(v.array(bytesSchema)),
			isContested: v.optional(YES),
			failedAt: v.optional(v.number()),
			failure: v.optional(DEVICE_FAILURE),
			failures: v.optional(v.number()),
			healedAt: v.optional(v.number()),
		}),
	),
	identities: v.array(
		rowSchema<Identity>({ key: bytesSchema, trust: TRUST, firstSeen: v.number() }),
	),
	listedAt: v.optional(v.number()),
	hasList: v.optional(YES),
	isVerifying: v.optional(YES),
});

/** OMEMO's rows of one account, all of them sealed by the vault. */
export interface OmemoRows {
	ownDevice(): Promise<OwnDevice | undefined>;
	/** The session with one key that a device of somebody has. */
	session(jid: string, id: number, identityKey: Bytes): Promise<Session | undefined>;
	/** As older versions kept it: the one session of a device, whatever its key; gone as soon as it is written. */
	oldSession(jid: string, id: number): Promise<Session | undefined>;
	peer(jid: string): Promise<Peer>;
	/** Whether a beginning was accepted by one of these names, see Beginning. */
	hasBegun(signedPreKeyId: number, names: readonly Bytes[]): Promise<boolean>;
	putOwnDevice(device: OwnDevice): Promise<ChatWrite>;
	putSession(jid: string, id: number, session: Session): Promise<ChatWrite[]>;
	putPeer(jid: string, peer: Peer): Promise<ChatWrite>;
	putBegun(signedPreKeyId: number, names: readonly Bytes[]): Promise<ChatWrite[]>;
	removeSession(jid: string, id: number, identityKey: Bytes): Promise<ChatWrite[]>;
	/** Forgets what was begun with other signed prekeys than these. */
	keepBegun(signedPreKeyIds: ReadonlySet<number>): Promise<void>;
	write(changes: readonly ChatWrite[]): Promise<void>;
}

const NOBODY: Peer = { devices: [], identities: [] };

export function createOmemoRows(rows: ChatRows, account: string): OmemoRows {
	const key = (kind: string, ...parts: readonly (string | number)[]) =>
		['omemo', account, kind, ...parts].join('\n');
	const sessionKey = (jid: string, id: number, identityKey: Bytes) =>
		key('session', jid, id, fingerprintOf(identityKey));
	const begunKey = (signedPreKeyId: number, ...names: string[]) =>
		key('begun', signedPreKeyId, ...names);

	/** rows that were looked at; the same ones are read for each message */
	const known = new WeakMap<object, unknown>();

	async function read<T extends object>(
		rowKey: string,
		schema: RowSchema<T>,
	): Promise<T | undefined> {
		const value = await rows.get(rowKey);
		if (typeof value !== 'object' || value === null) return undefined;
		if (known.get(value) === schema) return value as T;
		const row = fitting(schema, value);
		if (row !== undefined) known.set(row, schema);
		return row;
	}

	const oldSession = (jid: string, id: number) => read(key('session', jid, id), SESSION);

	async function oldOf(jid: string, id: number, identityKey: Bytes) {
		return sameIdentity(await oldSession(jid, id), identityKey);
	}

	/** Both rows of a session change at once: an old one that stayed would be read when the new one is gone. */
	async function withoutOld(jid: string, id: number, identityKey: Bytes): Promise<ChatWrite[]> {
		const old = key('session', jid, id);
		const [isThere] = await rows.has([old]);
		return isThere && (await oldOf(jid, id, identityKey)) ? [rows.remove(old)] : [];
	}

	return {
		ownDevice: () => read(key('device'), OWN_DEVICE),
		session: async (jid, id, identityKey) =>
			(await read(sessionKey(jid, id, identityKey), SESSION)) ?? oldOf(jid, id, identityKey),
		oldSession,
		peer: async (jid) => (await read(key('peer', jid), PEER)) ?? NOBODY,
		hasBegun: async (signedPreKeyId, names) =>
			(await rows.has(names.map((name) => begunKey(signedPreKeyId, toHex(name))))).includes(true),
		putOwnDevice: (device) => rows.put(key('device'), device),
		async putSession(jid, id, session) {
			const { remoteIdentity } = session.current;
			const write = await rows.put(sessionKey(jid, id, remoteIdentity), session);
			return [write, ...(await withoutOld(jid, id, remoteIdentity))];
		},
		putPeer: (jid, peer) => rows.put(key('peer', jid), peer),
		putBegun: (signedPreKeyId, names) =>
			Promise.all(names.map((name) => rows.put(begunKey(signedPreKeyId, toHex(name)), 1))),
		removeSession: async (jid, id, identityKey) => [
			rows.remove(sessionKey(jid, id, identityKey)),
			...(await withoutOld(jid, id, identityKey)),
		],
		async keepBegun(signedPreKeyIds) {
			const all = key('begun', '');
			let after = all;
			for (;;) {
				// The first row of each signed prekey alone: there may be two thousand.
				const [row] = await rows.page(all, { after, limit: 1 });
				if (row === undefined) return;
				const id = Number(row.key.slice(all.length).split('\n')[0]);
				if (!signedPreKeyIds.has(id)) await rows.removeAll(begunKey(id, ''));
				after = begunKey(id, '\uffff');
			}
		},
		write: (changes) => rows.write(changes),
	};
}

/** Sessions with another identity under the same device id are none of this one's. */
function sameIdentity(session: Session | undefined, identityKey: Bytes): Session | undefined {
	return session && equalBytes(session.current.remoteIdentity, identityKey) ? session : undefined;
}

/** An identity key as people compare it: 32 bytes in lowercase hex. */
export function fingerprintOf(identityKey: Bytes): string {
	return toHex(identityKey);
}
