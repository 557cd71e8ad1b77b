import { MediaError } from '../../src/core/errors.ts';
import { createMemoryVault, type Vault } from '../../src/vault/vault.ts';

/** A vault whose disk can be full, and whose page can be killed. */
export interface BrittleVault {
	/** The vault as a page opens it. */
	open(): Vault;
	/** The vault as nobody hinders it, and nothing is counted. */
	readonly kept: Vault;
	/** Nothing that opened pages write from here on is written, nor told of: they have been killed. */
	kill(): void;
	/** From here on each write is refused with this chance, until it is mended. */
	fill(chance?: number): void;
	mend(): void;
	/** From here on each write takes so many milliseconds. */
	slow(milliseconds: number): void;
	/** how many writes were refused */
	readonly refused: number;
	/** what was asked of it: calls of each kind, and rows that were read, found or written */
	readonly calls: number;
	readonly rows: number;
}

export function createBrittleVault(vault = createMemoryVault()): BrittleVault {
	let chance = 0;
	let delay = 0;
	let refused = 0;
	let calls = 0;
	let rows = 0;
	let page = 0;
	const never = () => new Promise<never>(() => undefined);
	const count = <T>(result: T, weight = 1): T => {
		calls += 1;
		rows += weight;
		return result;
	};
	return {
		kept: vault,
		open() {
			const number = page;
			const { chat } = vault;
			return {
				...vault,
				chat: {
					...chat,
					get: async (key) => count(await chat.get(key)),
					getMany: async (keys) => count(await chat.getMany(keys), keys.length),
					has: async (keys) => count(await chat.has(keys), keys.length),
					async page(prefix, options) {
						const found = await chat.page(prefix, options);
						return count(found, found.length);
					},
					async write(changes, durability, guard) {
						if (delay > 0) await new Promise((resolve) => setTimeout(resolve, delay));
						if (number !== page) return never();
						if (Math.random() < chance) {
							refused += 1;
							throw new MediaError('storage-full');
						}
						await chat.write(changes, durability, guard);
						count(undefined, changes.length);
						if (number !== page) await never();
					},
				},
			};
		},
		kill() {
			page += 1;
		},
		fill(now = 1) {
			chance = now;
		},
		mend() {
			chance = 0;
		},
		slow(now) {
			delay = now;
		},
		get refused() {
			return refused;
		},
		get calls() {
			return calls;
		},
		get rows() {
			return rows;
		},
	};
}
