import { createEffect, createResource, createSignal, onMount, Show } from 'solid-js';
import type { Session, SignInProblem } from '../../chat/account/account-session.ts';
import { Mark } from '../parts/mark.tsx';
import { settleWayBack } from '../parts/way-back.ts';
import '../parts/dialog.css';
import './sign-in.css';

const PROBLEMS: Record<SignInProblem, string> = {
	'address-invalid': 'An address looks like name@server.org.',
	'no-endpoint':
		'This server does not say how web apps reach it. Type its WebSocket address below; its operator knows it.',
	'endpoint-insecure': 'The WebSocket address must begin with wss://.',
	'other-server':
		'Accounts of this domain signed in here through another server. Leave the WebSocket address empty, or type the one used before.',
	'auth-failed': 'The server did not accept this address and password.',
	'no-scram':
		'This server only takes the password itself, which Balcony never sends. Ask its operator for SCRAM.',
	'registration-closed':
		'This server makes no accounts in apps. Look at its website, or choose another server.',
	'address-taken': 'Somebody has this address. Choose another name.',
	refused: 'The server refused. It may not allow this name or this password.',
	timeout: 'The server did not answer in time. Try again.',
	'storage-full': "There's no room on this device. Free some space and try again.",
	'not-forgotten':
		"Your password couldn't be deleted here, so Balcony is signed in again once it reloads. Free some space on this device, reload, and sign out again.",
	offline: 'The server cannot be reached. Check your connection.',
};

/** The first screen: who you are, and a way on without an account. */
export function SignIn(props: {
	session: Session;
	/** files, which nobody can be sent from here */
	hasDropped: boolean;
	onLinks: () => void;
}) {
	const [address, setAddress] = createSignal(props.session.state.account);
	const [password, setPassword] = createSignal('');
	const [url, setUrl] = createSignal('');
	const [isNew, setNew] = createSignal(false);
	const [asksToErase, setAsksToErase] = createSignal(false);
	const [ask] = createResource(asksToErase, async () => (await import('./ask-erase.tsx')).AskErase);
	const [isErased, setErased] = createSignal(false);
	const problem = () => props.session.state.problem;
	let server!: HTMLDetailsElement;
	let button!: HTMLButtonElement;
	onMount(settleWayBack);
	createEffect(() => {
		// It stays open then: what was typed there may be what is wrong.
		if (problem() === 'no-endpoint' || problem() === 'other-server') server.open = true;
	});
	/** as typed before for this domain */
	const known = () => {
		const { server } = props.session.state;
		return address().trim().endsWith(`@${server?.domain}`) ? server?.url : undefined;
	};
	const isBusy = () => props.session.state.phase === 'signing-in';
	const submit = (event: Event) => {
		event.preventDefault();
		if (isBusy()) return;
		setErased(false);
		if (isNew()) void props.session.register(address(), password(), url());
		else void props.session.signIn(address(), password(), url());
	};
	const erase = async () => {
		await props.session.erase();
		setAsksToErase(false);
		setErased(true);
		button.focus();
	};
	return (
		<main class="sign-in">
			<div class="sign-in-card">
				<Mark size={72} />
				<h1>Balcony</h1>
				<p class="sign-in-lead">
					Chat that only you and the other side can read. Pictures, voice and video open at once.
				</p>
				<p class="sign-in-hint" role="status">
					<span data-testid="dropped">
						{props.hasDropped &&
							'Sign in first, then drop your files again to choose who gets them.'}
					</span>
					<span data-testid="erased">{isErased() && 'Everything is erased. Sign in now.'}</span>
				</p>
				<form class="sign-in-form" onSubmit={submit}>
					<p class="problem" role="alert" data-testid="sign-in-problem">
						{((found) => found && PROBLEMS[found])(problem())}
					</p>
					<Show when={problem() === 'other-server'}>
						<button
							type="button"
							class="sign-in-links"
							data-testid="server-moved"
							onClick={() => setAsksToErase(true)}
						>
							The server has moved
						</button>
					</Show>
					<label class="field">
						<span class="field-name">Address</span>
						<input
							data-testid="address"
							name="username"
							type="text"
							inputMode="email"
							autocomplete="username"
							autocapitalize="off"
							spellcheck={false}
							placeholder="name@server.org"
							required
							value={address()}
							onInput={(event) => setAddress(event.currentTarget.value)}
						/>
					</label>
					<label class="field">
						<span class="field-name">Password</span>
						<input
							data-testid="password"
							name="password"
							type="password"
							autocomplete={isNew() ? 'new-password' : 'current-password'}
							minLength={isNew() ? 8 : undefined}
							required
							value={password()}
							onInput={(event) => setPassword(event.currentTarget.value)}
						/>
					</label>
					<details ref={server} class="sign-in-server">
						<summary data-testid="server-details">Server</summary>
						<label class="field">
							<span class="field-name">WebSocket address</span>
							<input
								data-testid="websocket"
								type="text"
								inputMode="url"
								autocomplete="off"
								autocapitalize="off"
								spellcheck={false}
								placeholder={known() ?? 'found by itself'}
								value={url()}
								onInput={(event) => setUrl(event.currentTarget.value)}
							/>
						</label>
					</details>
					<button
						type="submit"
						ref={button}
						class="button"
						data-testid="sign-in"
						disabled={isBusy()}
					>
						{isBusy() ? 'One moment…' : isNew() ? 'Create account' : 'Sign in'}
					</button>
					<p class="visually-hidden" aria-live="polite">
						{isBusy() ? 'Looking for your server' : ''}
					</p>
				</form>
				<p class="sign-in-hint">
					{isNew()
						? 'Choose a server and a name on it: name@server.org. Not every server makes accounts in apps; where it does not, its website does.'
						: 'You need an account on an XMPP server that lets web apps in.'}{' '}
					<a href="https://providers.xmpp.net" target="_blank" rel="noopener noreferrer">
						A list of servers
					</a>
				</p>
				<button
					type="button"
					class="sign-in-links"
					data-testid="toggle-new"
					onClick={() => setNew(!isNew())}
				>
					{isNew() ? 'I have an account' : 'Create an account'}
				</button>
				<button
					type="button"
					class="sign-in-links"
					data-testid="open-links"
					onClick={() => props.onLinks()}
				>
					Open a link without an account
				</button>
			</div>
			<Show when={asksToErase() && ask()} keyed>
				{(AskErase) => (
					<AskErase onYes={() => void erase()} onClose={() => setAsksToErase(false)} />
				)}
			</Show>
		</main>
	);
}
