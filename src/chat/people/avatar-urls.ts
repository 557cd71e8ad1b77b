import type { AvatarImage } from '../../core/formats/pictures/avatar.ts';

/** Blob URLs of the pictures that people show, one for each person. */
export interface AvatarUrls {
	/** The URL of what somebody shows now; the one before is revoked. */
	urlOf(jid: string, avatar: AvatarImage | undefined): string | undefined;
	close(): void;
}

export function createAvatarUrls(): AvatarUrls {
	const urls = new Map<string, { id: string; url: string }>();
	return {
		urlOf(jid: string, avatar: AvatarImage | undefined): string | undefined {
			const before = urls.get(jid);
			if (before?.id === avatar?.id) return before?.url;
			if (before !== undefined) URL.revokeObjectURL(before.url);
			urls.delete(jid);
			if (avatar === undefined) return undefined;
			const url = URL.createObjectURL(new Blob([avatar.bytes], { type: avatar.type }));
			urls.set(jid, { id: avatar.id, url });
			return url;
		},
		close() {
			for (const { url } of urls.values()) URL.revokeObjectURL(url);
			urls.clear();
		},
	};
}
