import { Mark } from '../parts/mark.tsx';
import { WELCOME_WORDS } from './words.ts';

/** The first screen, before anything was opened. */
export function Welcome() {
	return (
		<section class="welcome">
			<Mark size={88} />
			<h2>{WELCOME_WORDS.title}</h2>
			<p>{WELCOME_WORDS.text}</p>
			<p class="welcome-hint">
				{WELCOME_WORDS.looks} <code>{WELCOME_WORDS.example}</code>
			</p>
		</section>
	);
}
