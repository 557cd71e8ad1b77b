import * as v from 'valibot';
import { toHex } from '../../core/bytes.ts';
import { fitting, fittingParts, rowSchema } from '../../core/row-schema.ts';
import type { ChatRows, ChatWrite } from '../../vault/chat-rows.ts';
import type { UploadService } from '../../xmpp/extensions/upload.ts';
import { accountPrefix } from '../model/account-rows.ts';
import { type AccountSettings, DEFAULT_SETTINGS } from '../model/account-settings.ts';

const UPLOAD_SERVICE = rowSchema<UploadService>({
	jid: v.string(),
	maxSize: v.optional(v.number()),
});
const ACCOUNT_SETTINGS = rowSchema<Partial<AccountSettings>>({
	reactsInClear: v.optional(v.boolean()),
	photoQuality: v.optional(v.picklist(['original', 'good', 'small'])),
	thumbnails: v.optional(v.picklist(['automatic', 'always', 'never'])),
	notifications: v.optional(v.picklist(['off', 'name', 'text'])),
});

/** Stores values of the account itself: settings, upload service, resource. */
export interface AccountStore {
	/** Where the server took files when it was asked last. */
	uploadService(): Promise<UploadService | undefined>;
	putUploadService(service: UploadService | undefined): Promise<ChatWrite>;
	/** The resource of this device (RFC 6120 section 7): one for as long as it is kept, so that peers see one of us. */
	resource(): Promise<string>;
	settings(): Promise<AccountSettings>;
	putSettings(settings: AccountSettings): Promise<ChatWrite>;
}

export function createAccountStore(rows: ChatRows, account: string): AccountStore {
	const prefix = accountPrefix(account);
	return {
		uploadService: async () => fitting(UPLOAD_SERVICE, await rows.get(prefix('upload'))),
		putUploadService: async (service) =>
			service === undefined ? rows.remove(prefix('upload')) : rows.put(prefix('upload'), service),
		async resource() {
			const kept = await rows.get(prefix('resource'));
			if (typeof kept === 'string') return kept;
			const resource = `balcony.${toHex(crypto.getRandomValues(new Uint8Array(6)))}`;
			// Where it cannot be kept it is another one next time, and no harm is done.
			await rows.write([await rows.put(prefix('resource'), resource)]).catch(() => undefined);
			return resource;
		},
		async settings() {
			const kept = fittingParts(ACCOUNT_SETTINGS, await rows.get(prefix('settings')));
			return { ...DEFAULT_SETTINGS, ...kept };
		},
		putSettings: (settings) => rows.put(prefix('settings'), settings),
	};
}
