/** Thrown inside of parsers for a file that is not well-formed, or that cannot be cleaned; whoever calls them gets undefined. */
export class FileRefused extends Error {}

export function refuse(): never {
	throw new FileRefused();
}

/** undefined where the plan was refused; throws what else was thrown. */
export async function unlessRefused<T>(plan: () => Promise<T>): Promise<T | undefined> {
	try {
		return await plan();
	} catch (thrown) {
		if (thrown instanceof FileRefused) return undefined;
		throw thrown;
	}
}
