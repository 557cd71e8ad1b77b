import { createStore } from 'solid-js/store';
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

/** Why signing in did not work: codes of XmppError, and what can be wrong before. */
export type SignInProblem =
	| 'address-invalid'
	| 'no-endpoint'
	| 'endpoint-insecure'
	/** accounts of this domain were signed in elsewhere than at the server that was typed */
	| 'other-server'
	| 'auth-failed'
	| 'no-scram'
	| 'registration-closed'
	| 'address-taken'
	| 'refused'
	| 'timeout'
	| 'storage-full'
	/** signed out, but the password is still kept */
	| 'not-forgotten'
	| 'offline';

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

interface SignInEvents {
	/** there is a messenger */
	begun(): void;
	online(): void;
	refused(why: 'auth-failed' | 'no-scram'): void;
	/** the server writes the account differently; a messenger for that follows */
	renamed(credentials: Credentials): Promise<void>;
}

/** The messenger with all it stands on comes only when somebody signs in. */
const loadMessenger = () => import('./messenger.ts');

/** `files`: shows those of the account that is signed in. */
export function makeSession(
	vault: Vault,
	loopback: boolean,
	files: MediaOwners & ShownFiles,
): Session {
	const [state, setState] = createStore<SessionState>({ phase: 'loading', account: '' });
	let messenger: Messenger | undefined;
	/** counts up whenever one is ended: what was begun for it is not to go on */
	let turns = 0;
	const tab = holdTab('balcony-account', () => {
		void end();
		setState({ phase: 'elsewhere' });
	});

	/**
	 * Signs in. Where the server writes the account differently (RFC 6122), it is begun again under that name: all that comes
	 * is addressed to it.
	 */
	async function begin(credentials: Credentials, listeners: SignInEvents): Promise<void> {
		const { makeMessenger } = await loadMessenger();
		const told = {
			...listeners,
			bound(account: string) {
				if (messenger !== begun || account === credentials.account) return;
				const { login = credentials.account } = credentials;
				const renamed = { ...credentials, account, login };
				const ended = end();
				const turn = turns;
				void ended
					// A disk that is full now is asked again when it is signed in the next time.
					.then(() =>
						turn === turns ? listeners.renamed(renamed).catch(() => undefined) : undefined,
					)
					.then(() => (turn === turns ? begin(renamed, listeners) : undefined))
					.catch(listeners.refused);
			},
			superseded() {
				if (messenger !== begun) return;
				void end();
				tab.release();
				setState({ phase: 'elsewhere' });
			},
		};
		const begun = makeMessenger(vault, credentials, told, { files });
		messenger = begun;
		files.enter(credentials.account);
		listeners.begun();
	}

	async function end(): Promise<void> {
		const ending = messenger;
		messenger = undefined;
		turns += 1;
		// From here on nothing is seen, however long the connection takes to end: first the screen goes, then the files on it.
		if (state.phase === 'signed-in') setState({ phase: 'loading' });
		files.leave();
		await ending?.close();
	}

	/** Nobody is signed in here any more: another tab may be. */
	async function leave(): Promise<void> {
		await end();
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
		await begin(credentials, {
			online: () => undefined,
			async renamed(renamed) {
				// The screen has the messenger that was.
				setState({ phase: 'loading', account: renamed.account });
				await saveCredentials(vault.chat, renamed);
			},
			refused(why) {
				// Changed on another device: asked for again, and nothing is lost. Not before it has ended, which lets go of the tab.
				const left = leave();
				const turn = turns;
				void left
					.catch(() => undefined)
					.then(() => turn === turns && setState({ phase: 'signed-out', problem: why }));
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
			const { chooseServer, findEndpoint, registerAccount } = await loadMessenger();
			const domain = domainOf(account);
			const typed = websocket.trim();
			const known = state.server?.domain === domain ? state.server.url : '';
			const find = (given: string) => findEndpoint(account, given, loopback);
			const url = await chooseServer(vault.chat, { account, typed, known }, find);
			if (url === undefined) return setState({ phase: 'signed-out', problem: 'other-server' });
			if (isNew) await registerAccount({ account, password, url });
			if (!(await tab.take())) return setState({ phase: 'elsewhere' });
			let credentials: Credentials = { account, password, url };
			const problem = await new Promise<SignInProblem | undefined>((resolve, reject) => {
				const timer = setTimeout(() => resolve('timeout'), SIGN_IN_TIME);
				const decide = (found?: SignInProblem) => {
					clearTimeout(timer);
					resolve(found);
				};
				begin(credentials, {
					online: () => decide(),
					refused: decide,
					async renamed(renamed) {
						credentials = renamed;
						setState({ account: renamed.account });
					},
					begun: () => undefined,
				}).catch(reject);
			});
			if (problem === undefined) {
				await saveCredentials(vault.chat, credentials);
				await saveHome(vault.chat, domain, url);
				if (typed !== '' || (known !== '' && url !== known)) {
					const server = { domain, url };
					await saveServer(vault.chat, server);
					setState({ server });
				}
				return setState({ phase: 'signed-in', problem: undefined });
			}
			await leave();
			setState({ phase: 'signed-out', problem });
		} catch (thrown) {
			await leave();
			setState({ phase: 'signed-out', problem: problemOf(thrown) ?? 'offline' });
		}
	}

	resume().catch((thrown) => setState({ phase: 'signed-out', problem: problemOf(thrown) }));
	const wake = () => messenger?.wake();
	const look = () => messenger?.setVisible(document.visibilityState === 'visible');
	const stopListening = vault.onErased(() => {
		// Where browsers have no locks, or while it was being taken over.
		void end();
		tab.release();
		setState({ phase: 'signed-out', problem: undefined, account: '', server: undefined });
	});
	addEventListener('online', wake);
	document.addEventListener('visibilitychange', look);

	return {
		state,
		messenger: () => messenger,
		signIn: (address, password, given) => enter(address, password, given, false),
		register: (address, password, given) => enter(address, password, given, true),
		async signOut() {
			const leaving = messenger;
			const ended = end();
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
				messenger?.leave().catch(() => undefined),
				new Promise((resolve) => setTimeout(resolve, LEAVE_TIME)),
			]);
			await end();
			await vault.erase();
		},
		takeOver() {
			setState({ phase: 'loading' });
			void tab.steal().then(resume);
		},
		close() {
			stopListening();
			removeEventListener('online', wake);
			document.removeEventListener('visibilitychange', look);
			tab.release();
			void end();
		},
	};
}

const PROBLEMS: readonly unknown[] = [
	'no-endpoint',
	'endpoint-insecure',
	'registration-closed',
	'address-taken',
	'refused',
	'timeout',
	'storage-full',
];

function problemOf(thrown: unknown): SignInProblem | undefined {
	const { code } = thrown as { code?: unknown };
	return isProblem(code) ? code : undefined;
}

function isProblem(code: unknown): code is SignInProblem {
	return PROBLEMS.includes(code);
}
