import type { Bytes } from '../core/bytes.ts';
import { LINKS, type SealedText, STAGED } from './media-record.ts';
import { ORIGIN, type OriginKey, openOriginKey } from './origin-key.ts';
import type { Table } from './table.ts';

/** The keys of this origin: one of its own, and one for each account, which seals the account's files. */
export interface Keyring {
	/** The origin's own; as `openOriginKey`. */
	origin(): Promise<OriginKey | undefined>;
	/** That of an owner of files, see MediaRecord; as `openOriginKey`. */
	of(owner: string | undefined): Promise<OriginKey | undefined>;
	/** Opens what was sealed with an owner's key; undefined if that cannot be opened any more. */
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
			const opened = await (await of(owner))?.openBytes(id, sealed).catch(() => undefined);
			if (opened !== undefined || !isAccount(owner)) return opened;
			// Sealed before accounts had keys of their own.
			return (await origin())?.openBytes(id, sealed).catch(() => undefined);
		},
		forget: () => keys.clear(),
	};
}
