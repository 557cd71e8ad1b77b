import { createSignal, Show } from 'solid-js';
import type { PeopleArea } from '../../chat/account/messenger-areas.ts';
import type { MessengerState } from '../../chat/model/messenger-state.ts';
import { Avatar } from '../parts/avatar.tsx';
import { formatSize } from '../parts/format.ts';
import { nameOf } from '../parts/name-of.ts';
import { MAX_UNSCALED, scaleAvatar } from './scale-avatar.ts';
import { PROFILE_WORDS } from './words.ts';
import '../parts/name-field.css';
import './own-profile.css';

/** The picture and the name that our contacts see of us. */
export function OwnProfile(props: { state: MessengerState; people: PeopleArea }) {
	let file!: HTMLInputElement;
	const account = () => props.state.account;
	const profile = () => props.state.profiles[account()];
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
			async () => props.people.setOwnAvatar(await scaleAvatar(chosen)),
			PROFILE_WORDS.pictureDone,
		);
	};
	const rename = (event: Event) => {
		event.preventDefault();
		return attempt(() => props.people.setOwnName(name().trim()), PROFILE_WORDS.nameDone);
	};
	return (
		<section data-testid="own-profile">
			<h3>{PROFILE_WORDS.title}</h3>
			<p class="problem" role="alert">
				{problem()}
			</p>
			<div class="own-profile">
				<Avatar
					jid={account()}
					name={nameOf(props.state, account())}
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
						{profile()?.avatar === undefined
							? PROFILE_WORDS.choosePicture
							: PROFILE_WORDS.changePicture}
					</button>
					<Show when={profile()?.avatar}>
						<button
							type="button"
							class="button plain"
							data-testid="remove-avatar"
							onClick={() =>
								attempt(() => props.people.setOwnAvatar(undefined), PROFILE_WORDS.pictureRemoved)
							}
						>
							{PROFILE_WORDS.removePicture}
						</button>
					</Show>
				</div>
				<input
					ref={file}
					type="file"
					hidden
					accept="image/png,image/jpeg,image/webp,image/gif"
					data-testid="avatar-file"
					aria-label={PROFILE_WORDS.picture}
					onChange={choose}
				/>
			</div>
			<form class="name-field" onSubmit={rename}>
				<label class="field">
					<span class="field-name">{PROFILE_WORDS.name}</span>
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
					{PROFILE_WORDS.save}
				</button>
			</form>
			<p class="dialog-hint" aria-live="polite" data-testid="profile-note">
				{note()}
			</p>
		</section>
	);
}

function problemOf(thrown: unknown): string {
	if (thrown instanceof TypeError) return PROFILE_WORDS.noPicture;
	if (thrown instanceof RangeError) return PROFILE_WORDS.tooLarge(formatSize(MAX_UNSCALED));
	return PROFILE_WORDS.refused;
}
