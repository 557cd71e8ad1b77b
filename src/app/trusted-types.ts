import { isTemplate } from 'virtual:trusted-templates';
import scaler from '../media/scale-picture-worker.ts?worker&url';
import pdf from '../ui/media-figure/documents/pdf-worker.ts?worker&url';

const WORKERS = ['/sw.js', scaler, pdf];

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
	if (trustedTypes === undefined || import.meta.env.DEV) return;
	trustedTypes.createPolicy('default', {
		createHTML: (text) => (isTemplate(text) ? text : null),
		createScriptURL: (url) => (WORKERS.includes(url) ? url : null),
	});
}
