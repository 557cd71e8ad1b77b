import { fitting, type RowSchema } from '../core/row-schema.ts';
import type { Table } from './table.ts';

/** A table whose rows are looked at as they are read: one that does not fit counts as none, and goes when it is changed. */
export function checkedTable<T>(table: Table<T>, schema: RowSchema<T>): Table<T> {
	const checked = (row: T | undefined) => fitting(schema, row);
	return {
		...table,
		get: async (key) => checked(await table.get(key)),
		getMany: async (keys) => (await table.getMany(keys)).map(checked),
		all: async (prefix) => (await table.all(prefix)).filter((row) => checked(row) !== undefined),
		update: async (key, change) => checked(await table.update(key, (row) => change(checked(row)))),
		updateAll: (prefix, change) =>
			table.updateAll(prefix, (row) => (checked(row) === undefined ? undefined : change(row))),
		page: async (prefix, options) =>
			(await table.page(prefix, options)).filter(({ value }) => checked(value) !== undefined),
	};
}
