import { expect } from 'vitest';

/** What vitest compares byte by byte, with a path for each, takes seconds for a picture. */
function equalBytes(a: unknown, b: unknown): boolean | undefined {
	if (!(a instanceof Uint8Array) || !(b instanceof Uint8Array)) return undefined;
	if (a.constructor !== b.constructor || a.length !== b.length) return undefined;
	// What differs is left to vitest, which says where.
	return Buffer.compare(a, b) === 0 ? true : undefined;
}

// This runs before each file, and files share one `expect`.
const KNOWN = Symbol.for('equal-bytes');
const shared = globalThis as { [KNOWN]?: true };
if (shared[KNOWN] === undefined) expect.addEqualityTesters([equalBytes]);
shared[KNOWN] = true;
