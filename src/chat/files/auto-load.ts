import type { Settings } from '../../vault/media-record.ts';
import type { MessageFile } from '../model/attachment.ts';
import type { LoadRule } from '../model/conversation.ts';
import type { MediaKind } from '../model/media-kind.ts';

/**
 * How large a file of somebody else may be, in bytes, to load without being asked for; 0: none. Never one whose fetching would
 * tell a stranger where and when somebody reads, whatever was chosen.
 */
export function loadLimitOf(
	{ loadsByItself }: Pick<MessageFile, 'loadsByItself'>,
	kind: MediaKind,
	{
		settings,
		rule,
		isMetered,
	}: {
		settings: Pick<Settings, 'loadLimit' | 'loadKinds' | 'loadMetered'>;
		rule: LoadRule;
		/** each byte costs, or the user saves them */
		isMetered: boolean;
	},
): number {
	if (!loadsByItself || rule === 'never') return 0;
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
