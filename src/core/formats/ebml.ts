// RFC 8794

/** A number of variable length (section 4), and where it ends; an id keeps the bit that tells its length. */
export function readNumber(
	bytes: Uint8Array,
	at: number,
	isSize: boolean,
): { value: number; end: number } | undefined {
	const first = bytes[at] ?? 0;
	const length = Math.clz32(first) - 23;
	const end = at + length;
	if (first === 0 || end > bytes.length) return undefined;
	let value = isSize ? first & (0xff >> length) : first;
	for (let i = at + 1; i < end; i++) value = value * 256 + (bytes[i] ?? 0);
	return { value, end };
}

/** Longest header of an element: an id of four bytes, a size of eight. */
export const ELEMENT_HEADER = 12;

/** The header of an element; `size` is undefined where it is not known (section 6.2). */
export function readElement(
	bytes: Uint8Array,
	at: number,
): { id: number; body: number; size: number | undefined } | undefined {
	const id = readNumber(bytes, at, false);
	const size = id && readNumber(bytes, id.end, true);
	if (!id || !size || id.value >= 2 ** 32) return undefined;
	const isUnknown = size.value === 2 ** (7 * (size.end - id.end)) - 1;
	return { id: id.value, body: size.end, size: isUnknown ? undefined : size.value };
}

const VOID = 0xec;

/** The header of a void element that takes so many bytes as a whole (section 11.3.2); they are two at least. */
export function voidHeader(length: number): Uint8Array<ArrayBuffer> {
	if (length < 9) return Uint8Array.of(VOID, 0x80 | (length - 2));
	return longVoidHeader(length - 9);
}

/** The header, nine bytes whatever it holds, of a void element with so many bytes in it. */
export function longVoidHeader(length: number): Uint8Array<ArrayBuffer> {
	const header = new Uint8Array(9);
	header[0] = VOID;
	header[1] = 1;
	new DataView(header.buffer).setUint32(5, length % 2 ** 32);
	header[4] = Math.floor(length / 2 ** 32) & 0xff;
	return header;
}
