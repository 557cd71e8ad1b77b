import { createSignal, Show } from 'solid-js';
import { PASSWORD_WORDS } from './words.ts';

/** Asks for another password, twice, where the server allows to change it. */
export function ChangePassword(props: { change: (password: string) => Promise<void> }) {
	const [isOpen, setOpen] = createSignal(false);
	const [word, setWord] = createSignal('');
	const [again, setAgain] = createSignal('');
	const [note, setNote] = createSignal('');
	const [problem, setProblem] = createSignal('');
	const submit = async (event: Event) => {
		event.preventDefault();
		setProblem('');
		if (word() !== again()) {
			setProblem(PASSWORD_WORDS.different);
			return;
		}
		try {
			await props.change(word());
			setNote(PASSWORD_WORDS.done);
			setOpen(false);
		} catch {
			setProblem(PASSWORD_WORDS.failed);
		}
		setWord('');
		setAgain('');
	};
	return (
		<Show
			when={isOpen()}
			fallback={
				<>
					<p class="dialog-hint" aria-live="polite" data-testid="password-note">
						{note()}
					</p>
					<div class="dialog-buttons">
						<button
							type="button"
							class="button plain"
							data-testid="change-password"
							onClick={() => setOpen(true)}
						>
							{PASSWORD_WORDS.change}
						</button>
					</div>
				</>
			}
		>
			<form onSubmit={submit}>
				<p class="problem" role="alert">
					{problem()}
				</p>
				<label class="field">
					<span class="field-name">{PASSWORD_WORDS.new}</span>
					<input
						type="password"
						data-testid="new-password"
						autocomplete="new-password"
						minLength={8}
						required
						value={word()}
						onInput={(event) => setWord(event.currentTarget.value)}
					/>
				</label>
				<label class="field">
					<span class="field-name">{PASSWORD_WORDS.again}</span>
					<input
						type="password"
						data-testid="new-password-again"
						autocomplete="new-password"
						required
						value={again()}
						onInput={(event) => setAgain(event.currentTarget.value)}
					/>
				</label>
				<div class="dialog-buttons">
					<button type="submit" class="button" data-testid="save-password">
						{PASSWORD_WORDS.save}
					</button>
					<button type="button" class="button plain" onClick={() => setOpen(false)}>
						{PASSWORD_WORDS.cancel}
					</button>
				</div>
			</form>
		</Show>
	);
}
