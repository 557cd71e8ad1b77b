import { createSignal, For, onMount, Show } from 'solid-js';
import type { MediaLibrary } from '../../chat/files/media-library.ts';
import { Ask } from '../parts/ask.tsx';
import { createFocusReturn } from '../parts/focus-return.ts';
import { formatSize } from '../parts/format.ts';
import { Icon } from '../parts/icon.tsx';
import { createStep } from '../parts/way-back.ts';
import './settings-dialog.css';

/** Bytes, and how they are said. */
const LOAD_LIMITS: readonly (readonly [number, string])[] = [
	[0, 'Never'],
	[1_000_000, 'Up to 1 MB'],
	[10_000_000, 'Up to 10 MB'],
	[100_000_000, 'Up to 100 MB'],
	[Number.MAX_SAFE_INTEGER, 'Always'],
];

const LOAD_KINDS = [
	['image', 'Pictures'],
	['audio', 'Voice messages'],
	['video', 'Videos'],
	['file', 'Files'],
] as const;

/** What the user chooses for this device. */
export function SettingsDialog(props: {
	library: MediaLibrary;
	/** what it is opened for, if not for all of it */
	at?: 'storage';
	onClose: () => void;
}) {
	let dialog!: HTMLDialogElement;
	let storage!: HTMLElement;
	let isGone = false;
	const [asks, setAsks] = createSignal(false);
	const usage = () => props.library.state.usage;
	const kinds = () => props.library.state.settings.loadKinds;
	const setKind = (kind: (typeof LOAD_KINDS)[number][0], isWanted: boolean) => {
		const others = kinds().filter((other) => other !== kind);
		void props.library.setLoading({ loadKinds: isWanted ? [...others, kind] : others });
	};
	onMount(() => {
		createFocusReturn(() => {
			isGone = true;
			dialog.close();
		});
		dialog.showModal();
		createStep('settings', () => props.onClose());
		if (props.at === 'storage') storage.scrollIntoView();
		void props.library.refreshUsage();
	});
	const clear = async () => {
		await props.library.clear();
		setAsks(false);
	};
	return (
		<dialog
			ref={dialog}
			class="settings"
			data-testid="settings-dialog"
			aria-labelledby="settings-title"
			onClose={() => isGone || props.onClose()}
			onClick={(event) => event.target === dialog && dialog.close()}
			onKeyDown={() => undefined}
		>
			<div class="settings-body">
				<header class="settings-head">
					<h2 id="settings-title">Settings</h2>
					<button
						type="button"
						class="icon-button"
						aria-label="Close"
						onClick={() => dialog.close()}
					>
						<Icon name="cancel" />
					</button>
				</header>
				<section>
					<label class="setting-row">
						<span>
							<span class="setting-name">Verify before playing</span>
							<span class="setting-hint">
								Sound and video start only after the whole file has been checked. Slower, and the
								server cannot slip anything in.
							</span>
						</span>
						<input
							type="checkbox"
							class="switch"
							data-testid="verify-first"
							checked={props.library.state.settings.verifyFirst}
							onChange={(event) => props.library.setVerifyFirst(event.currentTarget.checked)}
						/>
					</label>
					<label class="setting-row">
						<span>
							<span class="setting-name">Load files by themselves</span>
							<span class="setting-hint">
								From contacts only, and only from their server or yours. Loading tells the server
								where and when you read.
							</span>
						</span>
						<select
							class="setting-select"
							data-testid="load-limit"
							onChange={(event) =>
								props.library.setLoading({ loadLimit: Number(event.currentTarget.value) })
							}
						>
							<For each={LOAD_LIMITS}>
								{([bytes, label]) => (
									<option
										value={String(bytes)}
										selected={props.library.state.settings.loadLimit === bytes}
									>
										{label}
									</option>
								)}
							</For>
						</select>
					</label>
					<fieldset class="setting-kinds">
						<legend class="setting-hint">Of these kinds</legend>
						<For each={LOAD_KINDS}>
							{([kind, label]) => (
								<label>
									<input
										type="checkbox"
										data-testid={`load-${kind}`}
										checked={kinds().includes(kind)}
										onChange={(event) => setKind(kind, event.currentTarget.checked)}
									/>
									{label}
								</label>
							)}
						</For>
					</fieldset>
					<label class="setting-row">
						<span>
							<span class="setting-name">Also on mobile data</span>
							<span class="setting-hint">When the browser says that data may cost money.</span>
						</span>
						<input
							type="checkbox"
							class="switch"
							data-testid="load-metered"
							checked={props.library.state.settings.loadMetered}
							onChange={(event) =>
								props.library.setLoading({ loadMetered: event.currentTarget.checked })
							}
						/>
					</label>
				</section>
				<section ref={storage}>
					<h3>Storage</h3>
					<p class="setting-hint" data-testid="storage">
						{formatSize(usage().used)} used
						<Show when={usage().quota > 0}> of {formatSize(usage().quota)}</Show>.{' '}
						{usage().persisted
							? 'Kept until you remove it.'
							: 'The browser may delete it when room gets short; Safari also after seven days without a visit, unless Balcony is on the home screen.'}
					</p>
					<div class="setting-buttons">
						<Show when={!usage().persisted}>
							<button type="button" class="button plain" onClick={() => props.library.persist()}>
								Keep my files
							</button>
						</Show>
						<button
							type="button"
							class="button danger"
							data-testid="clear-all"
							onClick={() => setAsks(true)}
						>
							Remove all files
						</button>
					</div>
				</section>
				<section>
					<h3>How it works</h3>
					<p class="setting-hint">
						The server holds only encrypted bytes. They are fetched as they are needed and decrypted
						on this device; the key never leaves it. A file counts as verified once every byte of it
						has been checked.
					</p>
				</section>
			</div>
			<Show when={asks()}>
				<Ask
					title="Remove all files?"
					testid="ask-clear-all"
					yes="Remove all files"
					yesTestid="confirm"
					isDanger
					no="Keep them"
					onYes={clear}
					onClose={() => setAsks(false)}
				>
					Your files and the opened links on this device, and their keys, will be gone. Messages
					stay.
				</Ask>
			</Show>
		</dialog>
	);
}
