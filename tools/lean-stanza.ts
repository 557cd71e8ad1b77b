import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'vite';

/** Extensions whose stanzas are never read nor written here: calls, groups, BOSH, feeds, moods and the like. */
const PROTOCOLS = [
	...['rfc4287', 'xep0016', 'xep0033', 'xep0045', 'xep0047', 'xep0048', 'xep0050', 'xep0055'],
	...['xep0065', 'xep0071', 'xep0080', 'xep0107', 'xep0108', 'xep0114', 'xep0118', 'xep0124'],
	...['xep0131', 'xep0138', 'xep0141', 'xep0144', 'xep0158', 'xep0166', 'xep0167', 'xep0176'],
	...['xep0177', 'xep0186', 'xep0215', 'xep0221', 'xep0224', 'xep0231', 'xep0234', 'xep0247'],
	...['xep0260', 'xep0261', 'xep0264', 'xep0301', 'xep0317', 'xep0320', 'xep0335', 'xep0338'],
	...['xep0343', 'xep0357', 'xep0421', 'xep0012', 'xep0049', 'xep0066', 'xep0092', 'xep0202'],
	...['xep0300', 'xep0319', 'xrd'],
];
/** Modules that are not wanted, each with what stands in for it. */
const STAND_INS: Record<string, string> = {
	...Object.fromEntries(PROTOCOLS.map((name) => [`protocol/${name}.js`, ''])),
	'jingle/index.js': '',
	'plugins/jingle.js': 'exports.default = () => {};',
	'plugins/muc.js': 'exports.default = () => {};',
	'plugins/command.js': 'exports.default = () => {};',
	'plugins/hostmeta.js': 'exports.default = () => {};',
	'plugins/avatar.js': 'exports.default = () => {};',
	'plugins/pep.js': 'exports.default = () => {};',
	'plugins/entity.js': 'exports.default = () => {};',
	'jxt/sanitizers/XHTMLIM.js': '',
	'helpers/RTT.js': '',
	'helpers/NetworkDiscovery.js': 'exports.default = class {};',
	'transports/bosh.js': 'exports.default = class {};',
};
/** Modules in whose place ours are taken, of `src/xmpp/stanza-parts`. */
const OWN: Record<string, string> = {
	'stanza/platform/browser/index.js': 'platform',
	'stanza/lib/stringprep/index.js': 'stringprep',
	'events/events.js': 'event-emitter',
};
const NAMESPACES = 'Namespaces.js';
const STANZA = fileURLToPath(new URL('../node_modules/stanza', import.meta.url));
const PARTS = fileURLToPath(new URL('../src/xmpp/stanza-parts', import.meta.url));

/** The list of all extensions without those: nobody asks for one of them by name. */
function shortenProtocols(list: string): string {
	const unwanted = new RegExp(
		`^.*\\b(?:__exportStar\\(.*|(?:${PROTOCOLS.join('|')})(?:_1\\b.*|".*))$`,
		'gm',
	);
	return list.replace(unwanted, '');
}

/** The names of all extensions without those that nobody has a use for. */
function shortenNamespaces(code: string): string {
	const names = code.replace(/^exports\.\w+ = exports\..+ = void 0;$/gm, '');
	const files = readdirSync(STANZA, { recursive: true, encoding: 'utf8' })
		.filter((name) => name.endsWith('.js') && name !== NAMESPACES && STAND_INS[name] === undefined)
		.map((name) => readFileSync(`${STANZA}/${name}`, 'utf8'));
	// Some are made of others.
	const values = names.replace(/^exports\.\w+ =/gm, '');
	const used = new Set([...files, values].join('\n').match(/\bNS_\w+/g));
	return names.replace(/^exports\.(\w+) = .+;$/gm, (line, name: string) =>
		used.has(name) ? line : '',
	);
}

/** Leaves out of the bundle what stanza brings along and Balcony does not use: more than half of it. */
export function leanStanza(): Plugin {
	return {
		name: 'lean-stanza',
		apply: 'build',
		enforce: 'pre',
		load(id) {
			const [, path = ''] = /node_modules\/(.+\.js)$/.exec(id.split('?')[0] ?? '') ?? [];
			const own = OWN[path];
			if (own !== undefined) return `export * from ${JSON.stringify(`${PARTS}/${own}.ts`)};`;
			const code = STAND_INS[path.replace(/^stanza\//, '')];
			if (code === undefined) return null;
			return `Object.defineProperty(exports, '__esModule', { value: true });\n${code}`;
		},
		transform(code, id) {
			if (id.endsWith(`/stanza/${NAMESPACES}`)) return shortenNamespaces(code);
			return id.endsWith('/stanza/protocol/index.js') ? shortenProtocols(code) : null;
		},
	};
}

const ENTRY = 'virtual:lean-stanza';

/** Builds stanza as the page has it, for tests that run in Node; where it lies. */
export async function buildLeanStanza(): Promise<string> {
	const root = fileURLToPath(new URL('..', import.meta.url));
	const outDir = `${root}/node_modules/.lean-stanza`;
	await build({
		root,
		configFile: false,
		logLevel: 'error',
		plugins: [
			leanStanza(),
			{
				name: 'lean-stanza-entry',
				resolveId: (id) => (id.endsWith(ENTRY) ? ENTRY : null),
				load: (id) =>
					id === ENTRY
						? "export { Client, createClient, JXT, Platform, SASL } from 'stanza';"
						: null,
			},
		],
		build: {
			outDir,
			emptyOutDir: false,
			minify: false,
			copyPublicDir: false,
			lib: { entry: ENTRY, formats: ['es'], fileName: () => 'stanza.js' },
		},
	});
	return `${outDir}/stanza.js`;
}
