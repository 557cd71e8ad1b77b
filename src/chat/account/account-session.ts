import { createStore } from 'solid-js/store';
import { loadOnce } from '../../core/async/load-once.ts';
import { domainOf, parseAddress } from '../../core/links/address.ts';
import type { Vault } from '../../vault/vault.ts';
import type { MediaOwners } from '../files/media-library.ts';
import type { ShownFiles } from '../files/message-files.ts';
import {
	type Credentials,
	forgetCredentials,
	isHome,
	type KnownServer,
	loadCredentials,
	loadServer,
	saveCredentials,
	saveHome,
	saveServer,
} from './credentials.ts';
import type { Messenger } from './messenger.ts';
import {
	makeRunningMessenger,
	type RunningMessenger,
	type SignInEvents,
} from './running-messenger.ts';
import { problemOf, type SignInProblem } from './sign-in-problem.ts';
import { holdTab } from './single-tab.ts';

/** Milliseconds that a first sign-in may take. */
const SIGN_IN_TIME = 20_000;
/** Milliseconds that the server has to take an erased device off the account: erasing does not wait for a network. */
const LEAVE_TIME = 5000;

export type SessionPhase =
	| 'loading'
	| 'signed-out'
	| 'signing-in'
	| 'signed-in'
	/** another tab has the account */
	| 'elsewhere';

export interface SessionState {
	phase: SessionPhase;
	problem?: SignInProblem | undefined;
	/** the one that was signed in last */
	account: string;
	/** that of a domain which names none, and was typed before */
	server?: KnownServer | undefined;
}

/** Whose account it is: signs in and out, also after a restart. */
export interface Session {
	readonly state: SessionState;
	/** while signed in */
	messenger(): Messenger | undefined;
	/** `url` of the WebSocket, or '' to find it. Resolves when it is decided, see the state. */
	signIn(address: string, password: string, url: string): Promise<void>;
	/** Makes an account where the server allows it, and signs in. */
	register(address: string, password: string, url: string): Promise<void>;
	/** Ends the connection and forgets the password, or says in the state that it could not; what was written stays. */
	signOut(): Promise<void>;
	/** Ends the connection and removes everything from this device. */
	erase(): Promise<void>;
	/** Takes the account over from another tab. */
	takeOver(): void;
	close(): void;
}

/** Finding a server, and making an account there, is needed only when somebody signs in anew. */
const loadSignIn = loadOnce(() => import('./reach-server.ts'));

/** `files`: shows those of the account that is signed in. */
export function makeSession(
	vault: Vault,
	loopback: boolean,
	files: MediaOwners & ShownFiles,
): Session {
	const [state, setState] = createStore<SessionState>({ phase: 'loading', account: '' });
	const tab = holdTab('balcony-account', () => {
		void running.end();
		setState({ phase: 'elsewhere' });
	});
	const running = makeRunningMessenger(vault, files, {
		ending() {
			if (state.phase === 'signed-in') setState({ phase: 'loading' });
		},
		superseded() {
			tab.release();
			setState({ phase: 'elsewhere' });
		},
	});

	/** Nobody is signed in here any more: another tab may be. */
	async function leave(): Promise<void> {
		await running.end();
		tab.release();
	}

	/** Signed in before: the conversations are there at once, also without a network. */
	async function resume(): Promise<void> {
		setState({ server: await loadServer(vault.chat) });
		const credentials = await loadCredentials(vault.chat);
		if (credentials === undefined) {
			// Signed out by another tab, maybe: who it was is not shown, and whoever signs in next may do it in any tab.
			tab.release();
			return setState({ phase: 'signed-out', account: '' });
		}
		setState({ account: credentials.account });
		if (!(await tab.take())) return setState({ phase: 'elsewhere' });
		// Written by a version that did not keep it.
		const { account, url } = credentials;
		if (await isHome(vault.chat, domainOf(account), url))
			void saveHome(vault.chat, domainOf(account), url).catch(() => undefined);
		await running.begin(credentials, {
			online: () => undefined,
			async renamed(renamed) {
				// The screen has the messenger that was.
				setState({ phase: 'loading', account: renamed.account });
				await saveCredentials(vault.chat, renamed);
			},
			refused(why) {
				// Changed on another device: asked for again, and nothing is lost. Not before it has ended, which lets go of the tab.
				const left = leave();
				const { generation } = running;
				void left
					.catch(() => undefined)
					.then(
						() =>
							generation === running.generation && setState({ phase: 'signed-out', problem: why }),
					);
			},
			begun: () => setState({ phase: 'signed-in' }),
		});
	}

	async function enter(
		address: string,
		password: string,
		websocket: string,
		isNew: boolean,
	): Promise<void> {
		const account = parseAddress(address);
		if (account === undefined) return setState({ problem: 'address-invalid' });
		setState({ phase: 'signing-in', problem: undefined, account });
		try {
			const { reachServer } = await loadSignIn();
			const domain = domainOf(account);
			const typed = websocket.trim();
			const known = state.server?.domain === domain ? state.server.url : '';
			const asked = { account, password, typed, known, isNew };
			const url = await reachServer(vault.chat, asked, loopback);
			if (url === undefined) return setState({ phase: 'signed-out', problem: 'other-server' });
			if (!(await tab.take())) return setState({ phase: 'elsewhere' });
			const { problem, credentials } = await signInFirst(
				running,
				{ account, password, url },
				(renamed) => setState({ account: renamed }),
			);
			if (problem !== undefined) {
				await leave();
				return setState({ phase: 'signed-out', problem });
			}
			await saveCredentials(vault.chat, credentials);
			await saveHome(vault.chat, domain, url);
			if (typed !== '' || (known !== '' && url !== known)) {
				await saveServer(vault.chat, { domain, url });
				setState({ server: { domain, url } });
			}
			setState({ phase: 'signed-in', problem: undefined });
		} catch (thrown) {
			await leave();
			setState({ phase: 'signed-out', problem: problemOf(thrown) ?? 'offline' });
		}
	}

	resume().catch((thrown) => setState({ phase: 'signed-out', problem: problemOf(thrown) }));
	const wake = () => running.messenger?.wake();
	const look = () => {
		const isVisible = document.visibilityState === 'visible';
		running.messenger?.setVisible(isVisible);
		// A phone that slept may have lost its line without a word.
		if (isVisible) wake();
	};
	const stopListening = vault.onErased(() => {
		// Where browsers have no locks, or while it was being taken over.
		void running.end();
		tab.release();
		setState({ phase: 'signed-out', problem: undefined, account: '', server: undefined });
	});
	addEventListener('online', wake);
	// Out of the browser's memory of pages that were left.
	addEventListener('pageshow', wake);
	document.addEventListener('visibilitychange', look);

	return {
		state,
		messenger: () => running.messenger,
		signIn: (address, password, given) => enter(address, password, given, false),
		register: (address, password, given) => enter(address, password, given, true),
		async signOut() {
			const leaving = running.messenger;
			const ended = running.end();
			setState({ account: '' });
			const problem = await forgetCredentials(vault.chat).then(
				() => undefined,
				() => 'not-forgotten' as const,
			);
			await Promise.allSettled([ended, leaving?.files.claimStaged()]);
			tab.release();
			setState({ phase: 'signed-out', problem });
		},
		async erase() {
			await Promise.race([
				running.messenger?.leave().catch(() => undefined),
				new Promise((resolve) => setTimeout(resolve, LEAVE_TIME)),
			]);
			await running.end();
			await vault.erase();
		},
		takeOver() {
			setState({ phase: 'loading' });
			void tab.steal().then(resume);
		},
		close() {
			stopListening();
			removeEventListener('online', wake);
			removeEventListener('pageshow', wake);
			document.removeEventListener('visibilitychange', look);
			tab.release();
			void running.end();
		},
	};
}

/** Signs in for the first time, within so many milliseconds: why it did not work, if so, and how the server writes the account. */
async function signInFirst(
	running: RunningMessenger,
	asked: Credentials,
	renamed: (account: string) => void,
): Promise<{ problem: SignInProblem | undefined; credentials: Credentials }> {
	let credentials = asked;
	let timer: ReturnType<typeof setTimeout> | undefined;
	try {
		const problem = await new Promise<SignInProblem | undefined>((resolve, reject) => {
			timer = setTimeout(() => resolve('timeout'), SIGN_IN_TIME);
			const events: SignInEvents = {
				online: () => resolve(undefined),
				refused: resolve,
				async renamed(next) {
					credentials = next;
					renamed(next.account);
				},
				begun: () => undefined,
			};
			running.begin(asked, events).catch(reject);
		});
		return { problem, credentials };
	} finally {
		clearTimeout(timer);
	}
}
