import { domainOf } from '../../core/links/address.ts';
import { isTrusted } from '../../omemo/trust.ts';
import type { Settings } from '../../vault/media-record.ts';
import type { LoadRule } from '../model/conversation.ts';
import type { MediaKind } from '../model/media-kind.ts';
import type { Message } from '../model/message.ts';
import type { MessengerState } from '../model/messenger-state.ts';

/** Whether a message's file may be fetched without a word: a stranger must not learn where and when somebody reads. */
export function isHostKnown(
	message: Message,
	{ account, contacts, upload }: Pick<MessengerState, 'account' | 'contacts' | 'upload'>,
): boolean {
	const { attachment, device, isOwn, peer } = message;
	// Ours, and not uploaded yet.
	if (attachment?.kind === 'upload') return true;
	if (attachment?.kind !== 'file') return false;
	// Written here, or on a device of ours that was verified.
	if (isOwn && (device === undefined || device.trust === 'verified')) return true;
	// A device of ours that the server has added must not make this one fetch from anywhere.
	if (device !== undefined && !isTrusted(device.trust)) return false;
	if (!isOwn && contacts[peer] === undefined) return false;
	const { host } = attachment;
	const isOurs =
		isWithin(host, domainOf(account)) || (upload !== undefined && isWithin(host, upload.jid));
	return isOurs || (contacts[peer] !== undefined && isWithin(host, domainOf(peer)));
}

function isWithin(host: string, domain: string): boolean {
	return host === domain || host.endsWith(`.${domain}`);
}

/**
 * How large a file of somebody else may be, in bytes, to load without being asked for; 0: none. Never one whose fetching would
 * tell a stranger where and when somebody reads, whatever was chosen.
 */
export function loadLimitOf(
	kind: MediaKind,
	{
		isHostKnown,
		settings,
		rule,
		isMetered,
	}: {
		isHostKnown: boolean;
		settings: Pick<Settings, 'loadLimit' | 'loadKinds' | 'loadMetered'>;
		rule: LoadRule;
		/** each byte costs, or the user saves them */
		isMetered: boolean;
	},
): number {
	if (!isHostKnown || rule === 'never') return 0;
	if (isMetered && !settings.loadMetered) return 0;
	if (rule === 'always') return Number.MAX_SAFE_INTEGER;
	// What cannot be told by its name is a file like any other.
	const wanted = kind === 'unknown' ? 'file' : kind;
	return settings.loadKinds.includes(wanted) ? settings.loadLimit : 0;
}

/** Whether the network is one where bytes cost, as far as the browser tells (Network Information API). */
export function isMetered(): boolean {
	const { connection } = navigator as {
		connection?: { readonly saveData?: boolean; readonly type?: string };
	};
	return connection?.saveData === true || connection?.type === 'cellular';
}
