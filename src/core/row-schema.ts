import * as v from 'valibot';
import type { Bytes } from './bytes.ts';

/** The schema of the stored rows of one kind. */
export type RowSchema<T> = v.GenericSchema<T>;

type IsOptional<T, K extends keyof T> = Record<never, never> extends Pick<T, K> ? true : false;

/** A schema for each field of a kind of row, and for no other. */
type Fields<T> = {
	readonly [K in keyof T]-?: IsOptional<T, K> extends true
		? v.OptionalSchema<RowSchema<T[K]>, undefined>
		: RowSchema<T[K]>;
};

/** The schema of a kind of row. Fields of a version to come are left as they are. */
export function rowSchema<T>(fields: Fields<T>): RowSchema<T> {
	// The compiler cannot follow from the fields back to T; that they are those of T it has checked.
	return v.looseObject(fields) as unknown as RowSchema<T>;
}

/** Byte strings, as the database and `unpackJson` give them. */
export const bytesSchema: RowSchema<Bytes> = v.custom<Bytes>(
	(value) => value instanceof Uint8Array,
);

/** The value if it is a row of this kind; otherwise undefined, as for a row that cannot be decrypted. */
export function fitting<T>(schema: RowSchema<T>, value: unknown): T | undefined {
	return v.is(schema, value) ? value : undefined;
}

/**
 * The same for a row of which as much as possible is to be read: fields that it need not have, and that are not what they are
 * to be, count as absent.
 */
export function fittingParts<T extends object>(
	schema: RowSchema<T>,
	value: unknown,
): T | undefined {
	if (v.is(schema, value)) return value;
	if (typeof value !== 'object' || value === null) return undefined;
	const { entries = {} } = schema as { entries?: Record<string, RowSchema<unknown>> };
	const rest = Object.entries(value).filter(([name, field]) => {
		const wanted = Object.hasOwn(entries, name) ? entries[name] : undefined;
		return wanted === undefined || v.is(wanted, field);
	});
	return fitting(schema, Object.fromEntries(rest));
}
