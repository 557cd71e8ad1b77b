import { createEffect, createRoot } from 'solid-js';
import type { Session } from '../../chat/account/account-session.ts';

/** An account that has ended here may come back, from another tab; one that is signed out leaves nothing. */
export function clearSignedOut({ state }: Pick<Session, 'state'>, clear: () => void): void {
	createRoot((end) => {
		createEffect(() => {
			const { phase } = state;
			if (phase === 'loading' || phase === 'elsewhere') return;
			if (phase !== 'signed-in') clear();
			end();
		});
	});
}
