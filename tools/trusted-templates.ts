import type { Plugin } from 'vite';

/** What the page imports it as. */
const MODULE = 'virtual:trusted-templates';
const RESOLVED = `\0${MODULE}`;
const SOURCE = `const templates = new Set();
export const admit = (markup) => (templates.add(markup), markup);
export const isTemplate = (markup) => templates.has(markup);`;

/**
 * Lets compiled modules name their templates as they are loaded, so that the page's Trusted Types policy admits these and
 * nothing else. Each stands in the build once. Only the compiler writes calls of `admit`; the source has `isTemplate`.
 */
export function trustedTemplates(): Plugin {
	let isBuild = false;
	return {
		name: 'trusted-templates',
		enforce: 'post',
		configResolved({ command }) {
			isBuild = command === 'build';
		},
		resolveId: (id) => (id === MODULE ? RESOLVED : null),
		load: (id) => (id === RESOLVED ? SOURCE : null),
		transform(code, id) {
			if (!isBuild || !/\.[jt]sx$/.test(id.split('?')[0] ?? '')) return null;
			const admitted = code.replace(
				/_\$template\(\s*(`(?:[^`\\]|\\.)*`)/gs,
				(_, markup: string) => {
					if (markup.includes('${')) throw new Error('a compiled template with a substitution');
					return `_$template(/*#__PURE__*/_$admit(${markup})`;
				},
			);
			if (/_\$template\((?!\/\*#__PURE__\*\/_\$admit)/.test(admitted))
				throw new Error(`${id} has a template that browsers with Trusted Types would refuse`);
			if (admitted === code) return null;
			return { code: `import { admit as _$admit } from '${MODULE}';\n${admitted}`, map: null };
		},
	};
}
