import type { Plugin } from 'vite';

const PLACEHOLDER = '__BALCONY_TEMPLATES__';

/**
 * Collects the markup of every template that Solid compiled and puts the list where the page's
 * Trusted Types policy asks for it (the string constant above), so that the policy admits these and nothing else.
 */
export function trustedTemplates(): Plugin {
	const templates = new Set<string>();
	return {
		name: 'trusted-templates',
		apply: 'build',
		enforce: 'post',
		transform(code, id) {
			if (!/\.[jt]sx$/.test(id.split('?')[0] ?? '')) return;
			for (const call of code.matchAll(/_\$template\(\s*(`(?:[^`\\]|\\.)*`)/gs))
				templates.add(cooked(call[1] ?? ''));
		},
		renderChunk(code) {
			if (!code.includes(PLACEHOLDER)) return null;
			const list = JSON.stringify(JSON.stringify([...templates]));
			return {
				code: code.replace(new RegExp(`(["'\`])${PLACEHOLDER}\\1`), () => list),
				map: null,
			};
		},
	};
}

/** The value of a template literal without substitutions, as the compiler prints it. */
function cooked(literal: string): string {
	if (literal.includes('${')) throw new Error('a compiled template with a substitution');
	return new Function(`return ${literal}`)() as string;
}
