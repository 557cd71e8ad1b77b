import { type JSX, Show } from 'solid-js';
import { CopyButton } from '../parts/copy-button.tsx';
import { Icon } from '../parts/icon.tsx';
import { installOffer, isInstalled, isOnIos } from './install.ts';
import './first-steps.css';

/** What there is to do while nobody is here yet. */
export function FirstSteps(props: { account: string; onCode: () => void; onAdd: () => void }) {
	return (
		<section class="first-steps" data-testid="first-steps" aria-labelledby="first-steps-title">
			<h2 id="first-steps-title">Good to have you here</h2>
			<ol>
				<Step title="Hand out your address">
					<p>
						<bdi class="first-steps-address">{props.account}</bdi>
					</p>
					<div class="dialog-buttons">
						<CopyButton text={props.account} label="Copy" testid="copy-address" />
						<button
							type="button"
							class="button plain"
							data-testid="first-code"
							onClick={() => props.onCode()}
						>
							<Icon name="code" /> QR code
						</button>
					</div>
				</Step>
				<Step title="Add somebody">
					<p>Their address is all it takes. They see yours once you add them or write to them.</p>
					<div class="dialog-buttons">
						<button
							type="button"
							class="button"
							data-testid="first-add"
							onClick={() => props.onAdd()}
						>
							Add a contact
						</button>
					</div>
				</Step>
				<Show when={!isInstalled() && (installOffer() || isOnIos())}>
					<Step title="Put Balcony on your home screen">
						<p>
							It opens like an app there, and the browser is slower to clear what it keeps.
							<Show when={!installOffer()}> In Safari: Share, then Add to Home Screen.</Show>
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
										Install
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
