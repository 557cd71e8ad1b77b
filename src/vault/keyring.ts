import type { Bytes } from '../core/bytes.ts';
import { LINKS, type SealedText, STAGED } from './media-record.ts';
import { ORIGIN, type OriginKey, openOriginKey } from './origin-key.ts';
import type { Table } from './table.ts';

/** The keys of this origin: one of its own, and one for each account, which seals the account's files. */
export interface Keyring {
	/** The origin's own key; undefined and throws as `openOriginKey`. */
	origin(): Promise<OriginKey | undefined>;
	/** The key of an owner of files, see MediaRecord, made at its first use; undefined and throws as `openOriginKey`. */
	of(owner: string | undefined): Promise<OriginKey | undefined>;
	/** Opens what was sealed with an owner's key; undefined if that cannot be opened any more. Throws as `of`. */
	open(
		owner: string | undefined,
		id: string,
		sealed: SealedText | undefined,
	): Promise<Bytes | undefined>;
	/** Forgets what was read: the keys are gone. */
	forget(): void;
}

export function createKeyring(table: Table<CryptoKey>): Keyring {
	const keys = new Map<string, Promise<OriginKey | undefined>>();

	function named(name: string): Promise<OriginKey | undefined> {
		const known = keys.get(name);
		if (known !== undefined) return known;
		const opening = openOriginKey(table, name).catch((thrown: unknown) => {
			if (keys.get(name) === opening) keys.delete(name);
			throw thrown;
		});
		keys.set(name, opening);
		return opening;
	}

	const origin = () => named(ORIGIN);
	const isAccount = (owner: string | undefined) =>
		owner !== undefined && owner !== LINKS && owner !== STAGED;
	const of = (owner: string | undefined) =>
		owner !== undefined && isAccount(owner) ? named(owner) : origin();
	return {
		origin,
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
		forget: () => keys.clear(),
	};
}
