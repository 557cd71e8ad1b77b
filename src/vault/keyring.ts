import type { Bytes } from '../core/bytes.ts';
import type { KeyCache } from './key-cache.ts';
import { LINKS, type SealedText, STAGED } from './media-record.ts';
import type { OriginKey } from './origin-key.ts';

/** Which key of this origin seals whose files: one of its own, and one for each account. */
export interface Keyring {
	/** The key of an owner of files, see MediaRecord, made at its first use; undefined and throws as `openOriginKey`. */
	of(owner: string | undefined): Promise<OriginKey | undefined>;
	/** Opens what was sealed with an owner's key; undefined if that cannot be opened any more. Throws as `of`. */
	open(
		owner: string | undefined,
		id: string,
		sealed: SealedText | undefined,
	): Promise<Bytes | undefined>;
}

export function createKeyring({ origin, named }: KeyCache): Keyring {
	const isAccount = (owner: string | undefined) =>
		owner !== undefined && owner !== LINKS && owner !== STAGED;
	const of = (owner: string | undefined) =>
		owner !== undefined && isAccount(owner) ? named(owner) : origin();
	return {
		of,
		async open(owner, id, sealed) {
			if (sealed === undefined) return undefined;
			const openWith = async (key: Promise<OriginKey | undefined>) =>
				(await key)?.openBytes(id, sealed).catch(() => undefined);
			if (!isAccount(owner)) return openWith(origin());
			try {
				// It may have been sealed before accounts had keys of their own.
				return (await openWith(of(owner))) ?? (await openWith(origin()));
			} catch (thrown) {
				// There may be no room for a key of its own now.
				const opened = await openWith(origin());
				if (opened === undefined) throw thrown;
				return opened;
			}
		},
	};
}
