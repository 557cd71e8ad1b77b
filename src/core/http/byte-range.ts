/** The range that a Range header asks for (RFC 9110 section 14); `end` is exclusive. */
export type ByteRange =
	| { readonly kind: 'whole' }
	| { readonly kind: 'part'; readonly start: number; readonly end: number }
	| { readonly kind: 'unsatisfiable' };

const SINGLE = /^bytes=[ \t]*(\d*)-(\d*)[ \t]*$/i;

/**
 * Reads a Range header for a representation of `size` bytes. No header, another unit, bad syntax and
 * several ranges mean the whole (RFC 9110 section 14.2 lets a server ignore them).
 */
export function parseByteRange(header: string | null | undefined, size: number): ByteRange {
	const match = SINGLE.exec(header ?? '');
	if (match === null) return { kind: 'whole' };
	const [, first = '', last = ''] = match;
	if (first === '') {
		if (last === '') return { kind: 'whole' };
		const length = Math.min(Number(last), size);
		if (length === 0) return { kind: 'unsatisfiable' };
		return { kind: 'part', start: size - length, end: size };
	}
	const start = Number(first);
	if (last !== '' && Number(last) < start) return { kind: 'whole' };
	if (start >= size) return { kind: 'unsatisfiable' };
	return { kind: 'part', start, end: last === '' ? size : Math.min(Number(last) + 1, size) };
}

/** A Content-Range header's own values; undefined where it is absent, broken or without a total. */
export function parseContentRange(
	header: string | null,
): { start: number; end: number; total: number } | undefined {
	const match = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15})$/i.exec(header ?? '');
	if (match === null) return undefined;
	const [start, last, total] = [Number(match[1]), Number(match[2]), Number(match[3])];
	return start <= last ? { start, end: last + 1, total } : undefined;
}
