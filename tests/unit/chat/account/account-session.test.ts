import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { makeSession, type Session } from '../../../../src/chat/account/account-session.ts';
import { saveCredentials } from '../../../../src/chat/account/credentials.ts';
import { makeMessenger } from '../../../../src/chat/account/messenger.ts';
import { unshownFiles } from '../../../../src/chat/files/message-files.ts';
import { MediaError } from '../../../../src/core/errors.ts';
import { createMemoryVault, type Vault } from '../../../../src/vault/vault.ts';

vi.mock('../../../../src/chat/account/messenger.ts', () => ({ makeMessenger: vi.fn() }));

const ANNA = 'anna@example.org';

let vault: Vault;
let session: Session;
/** Refuses the sign-in, as a server whose password was changed does. */
let refuse: () => void;
/** Lets the messenger end. */
let ended: () => void;
let held: number;

beforeEach(async () => {
	held = 0;
	const locks = {
		request: async (_: string, __: unknown, work: (lock: object) => Promise<void>) => {
			held += 1;
			await work({});
			held -= 1;
		},
	};
	vi.stubGlobal('navigator', { locks });
	vi.stubGlobal('document', new EventTarget());
	const target = new EventTarget();
	vi.stubGlobal('addEventListener', target.addEventListener.bind(target));
	vi.stubGlobal('removeEventListener', target.removeEventListener.bind(target));
	vi.mocked(makeMessenger).mockImplementation((_, __, told) => {
		refuse = () => told.refused('auth-failed');
		const close = () =>
			new Promise<void>((resolve) => {
				ended = resolve;
			});
		return { close, files: { claimStaged: async () => undefined } } as unknown as ReturnType<
			typeof makeMessenger
		>;
	});
	vault = createMemoryVault();
	await saveCredentials(vault.chat, { account: ANNA, password: 'p', url: 'wss://example.org/' });
	session = makeSession(vault, false, {
		...unshownFiles(vault),
		enter: () => undefined,
		leave: () => undefined,
	});
	await expect.poll(() => session.state.phase).toBe('signed-in');
});

afterEach(() => {
	session.close();
	vi.unstubAllGlobals();
});

it('a password that is refused is asked for once what was signed in has ended', async () => {
	refuse();
	expect(session.messenger()).toBeUndefined();
	// Who signs in again at once would lose the hold that keeps other tabs out.
	expect(session.state.phase).toBe('loading');
	expect(held).toBe(1);
	ended();
	await expect.poll(() => session.state.phase).toBe('signed-out');
	expect(session.state).toMatchObject({ problem: 'auth-failed', account: ANNA });
	expect(held).toBe(0);
});

it('says so if the password could not be forgotten', async () => {
	vi.spyOn(vault.chat, 'write').mockRejectedValue(new MediaError('storage-full'));
	const left = session.signOut();
	ended();
	await left;
	expect(session.state).toMatchObject({
		phase: 'signed-out',
		problem: 'not-forgotten',
		account: '',
	});
});
