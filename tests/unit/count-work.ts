/** What a built-in looks at, in characters or elements, when it is called on `self` and gives `result`. */
type Cost = (self: { length: number }, parameters: readonly unknown[], result: unknown) => number;

const one: Cost = () => 1;
const all: Cost = ({ length }) => length;
const made: Cost = (_, __, result) => (result as { length: number }).length;
const found: Cost = ({ length }, [, from = 0], result) =>
	(result === -1 ? length : Number(result) + 1) - Number(from);

/** Methods that are counted. A regular expression counts its text once: another test sees to it that each is linear. */
const COSTS: readonly [object, Readonly<Record<PropertyKey, Cost>>][] = [
	[
		String.prototype,
		{
			...{ charAt: one, charCodeAt: one, codePointAt: one, at: one, indexOf: found },
			...{ slice: made, substring: made, repeat: made, padEnd: made, normalize: all, trim: all },
			...{ split: all, replace: all, replaceAll: all, match: all, matchAll: all, search: all },
			...{ includes: all, toLowerCase: all, toUpperCase: all, trimEnd: all, trimStart: all },
			...{ lastIndexOf: all, endsWith: one, startsWith: one, [Symbol.iterator]: all },
		},
	],
	[
		Array.prototype,
		{
			...{ slice: made, join: all, map: all, filter: all, forEach: all, flatMap: all },
			...{ indexOf: found, findIndex: all, findLastIndex: all, find: all, some: all, every: all },
			...{ reverse: all, at: one, push: one, reduce: all, includes: all },
		},
	],
	[RegExp.prototype, { test: (_, [text]) => String(text).length }],
	[Intl.Segmenter.prototype, { segment: (_, [text]) => String(text).length }],
];

/** How many characters and elements built-ins look at while `run` does: what takes time, without a clock. */
export function countWork(run: () => unknown): number {
	let work = 0;
	const undo = COSTS.flatMap(([prototype, costs]) =>
		Reflect.ownKeys(costs).map((name) => {
			const before = Object.getOwnPropertyDescriptor(prototype, name);
			const cost = costs[name];
			if (before === undefined || cost === undefined) throw new Error(`no ${String(name)}`);
			const value = function (this: { length: number }, ...parameters: unknown[]) {
				const result = Reflect.apply(before.value as () => unknown, this, parameters);
				work += cost(this, parameters, result);
				return result;
			};
			Object.defineProperty(prototype, name, { ...before, value });
			return () => Object.defineProperty(prototype, name, before);
		}),
	);
	try {
		run();
	} finally {
		for (const restore of undo) restore();
	}
	return work;
}
