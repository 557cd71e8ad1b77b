import type { MessengerState } from '../../chat/account/messenger.ts';
import { cleanName } from '../../core/text/clean-name.ts';

/** The name of a person: as we named them, else as they name themselves, else the part before the @. */
export function nameOf(state: Pick<MessengerState, 'contacts' | 'profiles'>, jid: string): string {
	const name =
		cleanName(state.contacts[jid]?.name ?? '') || cleanName(state.profiles[jid]?.name ?? '');
	return name === '' ? jid.slice(0, jid.indexOf('@') < 0 ? undefined : jid.indexOf('@')) : name;
}
