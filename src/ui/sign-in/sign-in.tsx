import { createEffect, createSignal, onMount, Show } from 'solid-js';
import type { Session } from '../../chat/account/account-session.ts';
import { later } from '../parts/later.tsx';
import { Mark } from '../parts/mark.tsx';
import { settleWayBack } from '../parts/way-back.ts';
import { SIGN_IN_PROBLEMS, WORDS } from './words.ts';
import '../parts/dialog.css';
import './sign-in.css';

const AskErase = later('over', async () => (await import('./ask-erase.tsx')).AskErase);

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
				<h1>{WORDS.title}</h1>
				<p class="sign-in-lead">{WORDS.lead}</p>
				<p class="sign-in-hint" role="status">
					<span data-testid="dropped">{props.hasDropped && WORDS.dropped}</span>
					<span data-testid="erased">{isErased() && WORDS.erased}</span>
				</p>
				<form class="sign-in-form" onSubmit={submit}>
					<p class="problem" role="alert" data-testid="sign-in-problem">
						{((found) => found && SIGN_IN_PROBLEMS[found])(problem())}
					</p>
					<Show when={problem() === 'other-server'}>
						<button
							type="button"
							class="sign-in-links"
							data-testid="server-moved"
							onClick={() => setAsksToErase(true)}
						>
							{WORDS.serverMoved}
						</button>
					</Show>
					<label class="field">
						<span class="field-name">{WORDS.address}</span>
						<input
							data-testid="address"
							name="username"
							type="text"
							inputMode="email"
							autocomplete="username"
							autocapitalize="off"
							spellcheck={false}
							placeholder={WORDS.addressExample}
							required
							value={address()}
							onInput={(event) => setAddress(event.currentTarget.value)}
						/>
					</label>
					<label class="field">
						<span class="field-name">{WORDS.password}</span>
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
						<summary data-testid="server-details">{WORDS.server}</summary>
						<label class="field">
							<span class="field-name">{WORDS.websocket}</span>
							<input
								data-testid="websocket"
								type="text"
								inputMode="url"
								autocomplete="off"
								autocapitalize="off"
								spellcheck={false}
								placeholder={known() ?? WORDS.websocketFound}
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
						{isBusy() ? WORDS.busy : isNew() ? WORDS.createAccount : WORDS.signIn}
					</button>
					<p class="visually-hidden" aria-live="polite">
						{isBusy() ? WORDS.looking : ''}
					</p>
				</form>
				<p class="sign-in-hint">
					{isNew() ? WORDS.newHint : WORDS.accountHint}{' '}
					<a href="https://providers.xmpp.net" target="_blank" rel="noopener noreferrer">
						{WORDS.servers}
					</a>
				</p>
				<button
					type="button"
					class="sign-in-links"
					data-testid="toggle-new"
					onClick={() => setNew(!isNew())}
				>
					{isNew() ? WORDS.haveAccount : WORDS.createAnAccount}
				</button>
				<button
					type="button"
					class="sign-in-links"
					data-testid="open-links"
					onClick={() => props.onLinks()}
				>
					{WORDS.openLink}
				</button>
			</div>
			<Show when={asksToErase()}>
				<AskErase onYes={() => void erase()} onClose={() => setAsksToErase(false)} />
			</Show>
		</main>
	);
}
