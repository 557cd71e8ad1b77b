import { type JSX, Show } from 'solid-js';
import { CopyButton } from '../parts/copy-button.tsx';
import { Icon } from '../parts/icon.tsx';
import { WORDS as PARTS } from '../parts/words.ts';
import { installOffer, isInstalled, isOnIos } from './install.ts';
import { FIRST_STEPS_WORDS as WORDS } from './words.ts';
import './first-steps.css';

/** The first things to do while there are no chats yet. */
export function FirstSteps(props: { account: string; onCode: () => void; onAdd: () => void }) {
	return (
		<section class="first-steps" data-testid="first-steps" aria-labelledby="first-steps-title">
			<h2 id="first-steps-title">{WORDS.welcome}</h2>
			<ol>
				<Step title={WORDS.shareAddress}>
					<p>
						<bdi class="first-steps-address">{props.account}</bdi>
					</p>
					<div class="dialog-buttons">
						<CopyButton text={props.account} label={PARTS.copy} testid="copy-address" />
						<button
							type="button"
							class="button plain"
							data-testid="first-code"
							onClick={() => props.onCode()}
						>
							<Icon name="code" /> {WORDS.qrCode}
						</button>
					</div>
				</Step>
				<Step title={PARTS.addContact}>
					<p>{WORDS.addContactHint}</p>
					<div class="dialog-buttons">
						<button
							type="button"
							class="button"
							data-testid="first-add"
							onClick={() => props.onAdd()}
						>
							{PARTS.addContact}
						</button>
					</div>
				</Step>
				<Show when={!isInstalled() && (installOffer() || isOnIos())}>
					<Step title={WORDS.homeScreen}>
						<p>
							{WORDS.homeScreenHint}
							<Show when={!installOffer()}>{WORDS.homeScreenSafari}</Show>
						</p>
						<Show when={installOffer()}>
							{(offer) => (
								<div class="dialog-buttons">
									<button
										type="button"
										class="button plain"
										data-testid="install"
										onClick={() => offer().prompt()}
									>
										{WORDS.install}
									</button>
								</div>
							)}
						</Show>
					</Step>
				</Show>
			</ol>
		</section>
	);
}

function Step(props: { title: string; children: JSX.Element }) {
	return (
		<li>
			<h3>{props.title}</h3>
			{props.children}
		</li>
	);
}
