import { createEffect, createRoot } from 'solid-js';
import type { Session } from '../../chat/account/account-session.ts';

/** An account may go on in another tab, and come back; one that is signed out leaves nothing. */
export function clearSignedOut({ state }: Pick<Session, 'state'>, clear: () => void): void {
	createRoot((end) => {
		createEffect(() => {
			if (state.phase !== 'signed-out' && state.phase !== 'signing-in') return;
			clear();
			end();
		});
	});
}
