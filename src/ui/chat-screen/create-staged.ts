import { type Accessor, createSignal, onMount } from 'solid-js';
import type { Messenger, StagedShare } from '../../chat/account/messenger.ts';
import { saveTyped } from '../conversation/typed.ts';
import type { Unsent } from './unsent.ts';

/**
 * What another app handed over, to be sent to somebody. `leave` lets a chat be closed before it takes something, and returns
 * what opens it.
 */
export function createStaged(
	{ state, files, chats }: Pick<Messenger, 'state' | 'files' | 'chats'>,
	unsent: Unsent,
	leave: (jid: string) => () => void,
): {
	readonly staged: Accessor<StagedShare | undefined>;
	dropStaged(): void;
	/** It is there again once the page is loaded anew. */
	hideStaged(): void;
	/** Adds files that were dropped, and nobody has been chosen for yet. */
	addFiles(files: readonly File[]): void;
	/** Puts it into the tray and the text of a chat. */
	take(jid: string, share: StagedShare): void;
} {
	const [staged, setStaged] = createSignal<StagedShare>();
	const dropStaged = () => {
		setStaged(undefined);
		void files.dropStaged().catch(() => undefined);
	};
	onMount(async () => setStaged(await files.staged().catch(() => undefined)));
	return {
		staged,
		dropStaged,
		hideStaged: () => void setStaged(undefined),
		addFiles: (more) =>
			void setStaged(({ files: before, text, left } = { files: [], text: '', left: 0 }) => ({
				files: [...before, ...more],
				text,
				left,
			})),
		take(jid, share) {
			const open = leave(jid);
			unsent.trayOf(jid).add(share.files);
			// The draft there stays.
			const { draft = '' } = state.conversations.find(({ peer }) => peer === jid) ?? {};
			const typed = unsent.typedOf(jid);
			const both = [typed.text ?? draft, share.text].filter((part) => part !== '').join('\n');
			if (share.text !== '') saveTyped(typed, chats, jid, both);
			dropStaged();
			open();
		},
	};
}
