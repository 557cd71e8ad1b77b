import scaler from '../media/scale-picture.ts?worker&url';

/** Where the build puts the markup of every compiled template (JSON); untouched in development. */
const TEMPLATES = '__BALCONY_TEMPLATES__';
const WORKERS = ['/sw.js', scaler];

interface TrustedTypes {
	createPolicy(
		name: string,
		rules: {
			createHTML(text: string): string | null;
			createScriptURL(url: string): string | null;
		},
	): unknown;
}

/**
 * The one policy by which strings become markup or script addresses: exactly the compiled templates, exactly our
 * workers. Everything else is refused (https://www.w3.org/TR/trusted-types/).
 */
export function installTrustedTypes(): void {
	const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
	if (trustedTypes === undefined || !TEMPLATES.startsWith('[')) return;
	const templates = new Set(JSON.parse(TEMPLATES) as string[]);
	trustedTypes.createPolicy('default', {
		createHTML: (text) => (templates.has(text) ? text : null),
		createScriptURL: (url) => (WORKERS.includes(url) ? url : null),
	});
}
