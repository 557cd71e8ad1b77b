import { Mark } from '../parts/mark.tsx';

/** The first screen, before anything was opened. */
export function Welcome() {
	return (
		<section class="welcome">
			<Mark size={88} />
			<h2>Open it, and it plays.</h2>
			<p>
				Paste an encrypted link from your XMPP chat. Pictures, voice messages and video start at
				once, are decrypted on this device, and every byte is checked.
			</p>
			<p class="welcome-hint">
				Links look like <code>aesgcm://server/file.jpg#…</code>
			</p>
		</section>
	);
}
