import type { Bytes } from '../core/bytes.ts';
import { toHex } from '../core/bytes.ts';
import type { ChatRows, ChatWrite } from '../vault/chat-rows.ts';
import type { DeviceFailure } from './device-failure.ts';
import type { OwnDevice } from './own-device.ts';
import type { Session } from './ratchet/session-state.ts';
import type { Trust } from './trust.ts';

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
	/** 32 bytes; unknown until its bundle was fetched or a message came from it */
	readonly identityKey?: Bytes;
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
}

/** OMEMO's rows of one account, all of them sealed by the vault. */
export interface OmemoRows {
	ownDevice(): Promise<OwnDevice | undefined>;
	session(jid: string, id: number): Promise<Session | undefined>;
	peer(jid: string): Promise<Peer>;
	putOwnDevice(device: OwnDevice): Promise<ChatWrite>;
	putSession(jid: string, id: number, session: Session): Promise<ChatWrite>;
	putPeer(jid: string, peer: Peer): Promise<ChatWrite>;
	removeSession(jid: string, id: number): ChatWrite;
	write(changes: readonly ChatWrite[]): Promise<void>;
}

const NOBODY: Peer = { devices: [], identities: [] };

/** The casts are of what these functions have written themselves: sealed rows cannot be forged without the key. */
export function createOmemoRows(rows: ChatRows, account: string): OmemoRows {
	const key = (kind: string, ...parts: readonly (string | number)[]) =>
		['omemo', account, kind, ...parts].join('\n');
	return {
		ownDevice: async () => (await rows.get(key('device'))) as OwnDevice | undefined,
		session: async (jid, id) => (await rows.get(key('session', jid, id))) as Session | undefined,
		peer: async (jid) => ((await rows.get(key('peer', jid))) as Peer | undefined) ?? NOBODY,
		putOwnDevice: (device) => rows.put(key('device'), device),
		putSession: (jid, id, session) => rows.put(key('session', jid, id), session),
		putPeer: (jid, peer) => rows.put(key('peer', jid), peer),
		removeSession: (jid, id) => rows.remove(key('session', jid, id)),
		write: (changes) => rows.write(changes),
	};
}

/** An identity key as people compare it: 32 bytes in lowercase hex. */
export function fingerprintOf(identityKey: Bytes): string {
	return toHex(identityKey);
}
