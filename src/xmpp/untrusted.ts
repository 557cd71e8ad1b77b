const MAX_ID = 512;

/** The fields of what should be an object. */
export function fields(value: unknown): Record<string, unknown> {
	return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

export function textOf(value: unknown): string | undefined {
	return typeof value === 'string' ? value : undefined;
}

export function idOf(value: unknown): string | undefined {
	return typeof value === 'string' && value !== '' && value.length <= MAX_ID ? value : undefined;
}

/** An object with one field, or with none where there is no value. */
export function present<K extends string, V>(name: K, value: V | undefined): { [P in K]?: V } {
	return value === undefined ? {} : ({ [name]: value } as { [P in K]?: V });
}
