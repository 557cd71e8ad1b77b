import { loadOnce } from '../../core/async/load-once.ts';
import type { Vault } from '../../vault/vault.ts';
import type { MediaOwners } from '../files/media-library.ts';
import type { ShownFiles } from '../files/message-files.ts';
import type { Credentials } from './credentials.ts';
import type { Messenger } from './messenger.ts';

/** How it goes with an account that was begun. */
export interface SignInEvents {
	/** there is a messenger */
	begun(): void;
	online(): void;
	refused(why: 'auth-failed' | 'no-scram'): void;
	/** the server writes the account differently; a messenger for that follows */
	renamed(credentials: Credentials): Promise<void>;
}

/** The messenger of the account that is signed in, if one is. */
export interface RunningMessenger {
	readonly messenger: Messenger | undefined;
	/** counts up whenever one is ended: what was begun for it is not to go on */
	readonly generation: number;
	/**
	 * Signs in. Where the server writes the account differently (RFC 6122), it is begun again under that name: all that comes
	 * is addressed to it.
	 */
	begin(credentials: Credentials, events: SignInEvents): Promise<void>;
	/** Ends it: nothing of it is seen from the call on, and it resolves when the connection has ended. */
	end(): Promise<void>;
}

/** The messenger with all it stands on comes only when somebody signs in. */
const loadMessenger = loadOnce(() => import('./messenger.ts'));

/** `files`: shows those of the account that is signed in. */
export function makeRunningMessenger(
	vault: Vault,
	files: MediaOwners & ShownFiles,
	listeners: {
		/** The screen goes now: the files on it follow. */
		ending(): void;
		/** A copy of this device is online in its place. */
		superseded(): void;
	},
): RunningMessenger {
	let messenger: Messenger | undefined;
	let generation = 0;

	async function begin(credentials: Credentials, events: SignInEvents): Promise<void> {
		const beginning = generation;
		const { makeMessenger } = await loadMessenger();
		// Ended meanwhile: another tab has the account now, or everything was erased.
		if (beginning !== generation) return;
		const allEvents = {
			...events,
			bound(account: string) {
				if (messenger !== begun || account === credentials.account) return;
				const { login = credentials.account } = credentials;
				const renamed = { ...credentials, account, login };
				const ended = end();
				const mine = generation;
				void ended
					// A disk that is full now is asked again when it is signed in the next time.
					.then(() =>
						mine === generation ? events.renamed(renamed).catch(() => undefined) : undefined,
					)
					.then(() => (mine === generation ? begin(renamed, events) : undefined))
					.catch(events.refused);
			},
			superseded() {
				if (messenger !== begun) return;
				void end();
				listeners.superseded();
			},
		};
		const begun = makeMessenger(vault, credentials, allEvents, { files });
		messenger = begun;
		files.enter(credentials.account);
		events.begun();
	}

	async function end(): Promise<void> {
		const ending = messenger;
		messenger = undefined;
		generation += 1;
		listeners.ending();
		files.leave();
		await ending?.close();
	}

	return {
		get messenger() {
			return messenger;
		},
		get generation() {
			return generation;
		},
		begin,
		end,
	};
}
