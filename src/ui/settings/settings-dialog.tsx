import { createSignal, For, onMount, Show } from 'solid-js';
import type { MediaLibrary } from '../../chat/files/media-library.ts';
import { Ask } from '../parts/ask.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { LOAD_KINDS, LOAD_LIMITS, WORDS } from './words.ts';
import './settings-dialog.css';

/** The settings of this device. */
export function SettingsDialog(props: {
	library: MediaLibrary;
	/** what it is opened for, if not for all of it */
	at?: 'storage';
	onClose: () => void;
}) {
	let storage!: HTMLElement;
	const [asks, setAsks] = createSignal(false);
	const usage = () => props.library.state.usage;
	const kinds = () => props.library.state.settings.loadKinds;
	const setKind = (kind: (typeof LOAD_KINDS)[number][0], isWanted: boolean) => {
		const others = kinds().filter((other) => other !== kind);
		void props.library.settings.setLoading({ loadKinds: isWanted ? [...others, kind] : others });
	};
	onMount(() => {
		// The dialog opens after this.
		if (props.at === 'storage') queueMicrotask(() => storage.scrollIntoView());
		void props.library.settings.refreshUsage();
	});
	const clear = async () => {
		await props.library.clear();
		setAsks(false);
	};
	return (
		<Dialog title={WORDS.title} testid="settings-dialog" onClose={() => props.onClose()}>
			<section>
				<label class="setting-row">
					<span>
						<span class="setting-name">{WORDS.verifyFirst}</span>
						<span class="setting-hint">{WORDS.verifyFirstHint}</span>
					</span>
					<input
						type="checkbox"
						class="switch"
						data-testid="verify-first"
						checked={props.library.state.settings.verifyFirst}
						onChange={(event) => props.library.settings.setVerifyFirst(event.currentTarget.checked)}
					/>
				</label>
				<label class="setting-row">
					<span>
						<span class="setting-name">{WORDS.download}</span>
						<span class="setting-hint">{WORDS.downloadHint}</span>
					</span>
					<select
						class="setting-select"
						data-testid="load-limit"
						onChange={(event) =>
							props.library.settings.setLoading({ loadLimit: Number(event.currentTarget.value) })
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
					<legend class="setting-hint">{WORDS.kinds}</legend>
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
						<span class="setting-name">{WORDS.metered}</span>
						<span class="setting-hint">{WORDS.meteredHint}</span>
					</span>
					<input
						type="checkbox"
						class="switch"
						data-testid="load-metered"
						checked={props.library.state.settings.loadMetered}
						onChange={(event) =>
							props.library.settings.setLoading({ loadMetered: event.currentTarget.checked })
						}
					/>
				</label>
			</section>
			<section ref={storage}>
				<h3>{WORDS.storage}</h3>
				<p class="setting-hint" data-testid="storage">
					{WORDS.used(usage())} {usage().persisted ? WORDS.persisted : WORDS.notPersisted}
				</p>
				<div class="setting-buttons">
					<Show when={!usage().persisted}>
						<button
							type="button"
							class="button plain"
							onClick={() => props.library.settings.persist()}
						>
							{WORDS.persist}
						</button>
					</Show>
					<button
						type="button"
						class="button danger"
						data-testid="clear-all"
						onClick={() => setAsks(true)}
					>
						{WORDS.removeAll}
					</button>
				</div>
			</section>
			<section>
				<h3>{WORDS.how}</h3>
				<p class="setting-hint">{WORDS.howText}</p>
			</section>
			<Show when={asks()}>
				<Ask
					title={WORDS.askRemoveAll}
					testid="ask-clear-all"
					yes={WORDS.removeAll}
					yesTestid="confirm"
					isDanger
					no={WORDS.cancel}
					onYes={clear}
					onClose={() => setAsks(false)}
				>
					{WORDS.askRemoveAllText}
				</Ask>
			</Show>
		</Dialog>
	);
}
