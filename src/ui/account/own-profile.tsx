import { createSignal, Show } from 'solid-js';
import type { Messenger } from '../../chat/account/messenger.ts';
import { Avatar } from '../parts/avatar.tsx';
import { formatSize } from '../parts/format.ts';
import { nameOf } from '../parts/name-of.ts';
import { MAX_UNSCALED, scaleAvatar } from './scale-avatar.ts';
import '../parts/name-field.css';
import './own-profile.css';

/** What our contacts see of us: a picture and a name. */
export function OwnProfile(props: { messenger: Messenger }) {
	let file!: HTMLInputElement;
	const state = () => props.messenger.state;
	const account = () => state().account;
	const profile = () => state().profiles[account()];
	const [name, setName] = createSignal(profile()?.name ?? '');
	const [note, setNote] = createSignal('');
	const [problem, setProblem] = createSignal('');
	const attempt = async (work: () => Promise<void>, done: string) => {
		setNote('');
		setProblem('');
		try {
			await work();
			setNote(done);
		} catch (thrown) {
			setProblem(problemOf(thrown));
		}
	};
	const choose = async () => {
		const [chosen] = file.files ?? [];
		file.value = '';
		if (chosen === undefined) return;
		await attempt(
			async () => props.messenger.people.setOwnAvatar(await scaleAvatar(chosen)),
			'Your contacts see the new picture.',
		);
	};
	const rename = (event: Event) => {
		event.preventDefault();
		return attempt(
			() => props.messenger.people.setOwnName(name().trim()),
			'Your contacts see the new name.',
		);
	};
	return (
		<section data-testid="own-profile">
			<h3>What your contacts see</h3>
			<p class="problem" role="alert">
				{problem()}
			</p>
			<div class="own-profile">
				<Avatar
					jid={account()}
					name={nameOf(state(), account())}
					src={profile()?.avatar}
					size={72}
				/>
				<div class="dialog-buttons">
					<button
						type="button"
						class="button plain"
						data-testid="choose-avatar"
						onClick={() => file.click()}
					>
						{profile()?.avatar === undefined ? 'Choose a picture' : 'Another picture'}
					</button>
					<Show when={profile()?.avatar}>
						<button
							type="button"
							class="button plain"
							data-testid="remove-avatar"
							onClick={() =>
								attempt(
									() => props.messenger.people.setOwnAvatar(undefined),
									'Your contacts see no picture any more.',
								)
							}
						>
							Remove it
						</button>
					</Show>
				</div>
				<input
					ref={file}
					type="file"
					hidden
					accept="image/png,image/jpeg,image/webp,image/gif"
					data-testid="avatar-file"
					aria-label="Picture"
					onChange={choose}
				/>
			</div>
			<form class="name-field" onSubmit={rename}>
				<label class="field">
					<span class="field-name">Name</span>
					<input
						type="text"
						data-testid="own-name"
						autocomplete="nickname"
						maxLength={100}
						value={name()}
						onInput={(event) => setName(event.currentTarget.value)}
					/>
				</label>
				<button
					type="submit"
					class="button plain"
					data-testid="save-own-name"
					disabled={name().trim() === (profile()?.name ?? '')}
				>
					Save
				</button>
			</form>
			<p class="dialog-hint" aria-live="polite" data-testid="profile-note">
				{note()}
			</p>
		</section>
	);
}

function problemOf(thrown: unknown): string {
	if (thrown instanceof TypeError) return 'This is no picture that can be shown here.';
	if (thrown instanceof RangeError)
		return `This browser does not let pictures be made smaller. Choose one of at most ${formatSize(MAX_UNSCALED)}.`;
	return 'The server did not take it. Check your connection and try again.';
}
