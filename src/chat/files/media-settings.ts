import type { PageMessage } from '../../core/http/page-messages.ts';
import type { Settings } from '../../vault/media-record.ts';
import type { Vault } from '../../vault/vault.ts';
import type { MediaItems } from './media-items.ts';

/** Settings for files on this device, and the storage that they take. */
export interface MediaSettings {
	/** For every voice message from now on. */
	setVoiceSpeed(speed: number): Promise<void>;
	setVerifyFirst(on: boolean): Promise<void>;
	/** Which files are downloaded automatically. */
	setLoading(
		patch: Partial<Pick<Settings, 'loadLimit' | 'loadKinds' | 'loadMetered'>>,
	): Promise<void>;
	/** Asks the browser to keep what is stored. */
	persist(): Promise<void>;
	refreshUsage(): Promise<void>;
}

export function createMediaSettings(
	vault: Pick<Vault, 'settings' | 'persist' | 'usage'>,
	{ state, setState }: Pick<MediaItems, 'state' | 'setState'>,
	send: (message: PageMessage) => void,
): MediaSettings & {
	/** The same as `persist`, the first time. */
	askToPersist(): Promise<void>;
} {
	const change = async (patch: Partial<Settings>) => {
		setState('settings', patch);
		await vault.settings.set(patch);
	};
	const refreshUsage = async () => setState('usage', await vault.usage());
	const persist = async () => {
		await vault.persist();
		await refreshUsage();
	};
	return {
		setVoiceSpeed: (voiceSpeed) => change({ voiceSpeed }),
		setLoading: change,
		async setVerifyFirst(on) {
			await change({ verifyFirst: on });
			send({ kind: 'forget-all' });
		},
		persist,
		refreshUsage,
		async askToPersist() {
			if (state.settings.persistAsked) return;
			await vault.settings.set({ persistAsked: true });
			setState('settings', { persistAsked: true });
			await persist();
		},
	};
}
