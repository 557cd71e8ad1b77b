import { expect, it, vi } from 'vitest';
import { makeMessenger } from '../../../../src/chat/account/messenger.ts';
import { makeRunningMessenger } from '../../../../src/chat/account/running-messenger.ts';
import { unshownFiles } from '../../../../src/chat/files/message-files.ts';
import { createMemoryVault } from '../../../../src/vault/vault.ts';

vi.mock('../../../../src/chat/account/messenger.ts', () => ({ makeMessenger: vi.fn() }));

it('what was ended while its code was loaded does not begin: another tab may have the account', async () => {
	const vault = createMemoryVault();
	const enter = vi.fn();
	const begun = vi.fn();
	const running = makeRunningMessenger(
		vault,
		{ ...unshownFiles(vault), enter, leave: () => undefined },
		{ ending: () => undefined, superseded: () => undefined },
	);
	const beginning = running.begin(
		{ account: 'anna@example.org', password: 'p', url: 'wss://example.org/' },
		{ begun, online: () => undefined, refused: () => undefined, renamed: async () => undefined },
	);
	await running.end();
	await beginning;
	expect(makeMessenger).not.toHaveBeenCalled();
	expect(enter).not.toHaveBeenCalled();
	expect(begun).not.toHaveBeenCalled();
	expect(running.messenger).toBeUndefined();
});
