/**
 * Loads a part of the app when it is first wanted, once. WebKit (2.50) may resolve a second import() of what is still being
 * loaded before that has run: all who want it wait for the first. What failed is tried again the next time.
 */
export function loadOnce<Module>(load: () => Promise<Module>): () => Promise<Module> {
	let loading: Promise<Module> | undefined;
	return () => {
		loading ??= load().catch((thrown: unknown) => {
			loading = undefined;
			throw thrown;
		});
		return loading;
	};
}
