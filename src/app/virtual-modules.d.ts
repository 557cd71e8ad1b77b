/** Written by the build (tools/trusted-templates.ts). */
declare module 'virtual:trusted-templates' {
	/** This is the markup of a compiled template of a module that is loaded. */
	export function isTemplate(markup: string): boolean;
}
