/** Bytes of parity in a block, and blocks, of versions 1 to 20 at level L (ISO/IEC 18004 table 9). */
const PARITY = [7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28];
const BLOCKS = [1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8];
/** Which modules each mask turns over (section 7.8.2). */
const MASKS: readonly ((x: number, y: number) => boolean)[] = [
	(x, y) => (x + y) % 2 === 0,
	(_, y) => y % 2 === 0,
	(x) => x % 3 === 0,
	(x, y) => (x + y) % 3 === 0,
	(x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0,
	(x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
	(x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
	(x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
];

/** Rows of modules, true for dark; square, without the light margin of four modules that it needs around it. */
export type QrCode = readonly (readonly boolean[])[];

/**
 * A text as a QR code (ISO/IEC 18004): UTF-8 in byte mode, with the least error correction, since screens do not tear.
 * Undefined above 858 bytes, which cameras would hardly read.
 */
export function qrCode(text: string): QrCode | undefined {
	const bytes = new TextEncoder().encode(text);
	for (let version = 1; version <= PARITY.length; version++) {
		const grid = drawPatterns(version);
		const codewords = codewordsOf(bytes, version, Math.floor(freeModules(grid) / 8));
		if (codewords !== undefined) return bestMasked(grid, codewords);
	}
	return undefined;
}

/** Modules by row; undefined where data goes. */
type Grid = (boolean | undefined)[][];

function freeModules(grid: Grid): number {
	return grid.flat().filter((module) => module === undefined).length;
}

/** What every code of a version has; the places of the format are taken, and light. */
function drawPatterns(version: number): Grid {
	const size = 17 + 4 * version;
	const grid: Grid = Array.from({ length: size }, () => Array(size).fill(undefined));
	const set = (x: number, y: number, isDark: boolean) => {
		const row = grid[y];
		if (row !== undefined && x >= 0 && x < size) row[x] = isDark;
	};
	const rings = (centreX: number, centreY: number, radius: number, light: readonly number[]) => {
		for (let dy = -radius; dy <= radius; dy++)
			for (let dx = -radius; dx <= radius; dx++)
				set(centreX + dx, centreY + dy, !light.includes(Math.max(Math.abs(dx), Math.abs(dy))));
	};
	for (let at = 0; at < size; at++) {
		set(6, at, at % 2 === 0);
		set(at, 6, at % 2 === 0);
	}
	const centres = alignment(version, size);
	const last = size - 7;
	for (const x of centres)
		for (const y of centres)
			if (!((x === 6 && (y === 6 || y === last)) || (x === last && y === 6))) rings(x, y, 2, [1]);
	for (const [x, y] of [
		[3, 3],
		[size - 4, 3],
		[3, size - 4],
	] as const)
		rings(x, y, 4, [2, 4]);
	for (const [x, y] of formatPlaces(size).flat()) set(x, y, false);
	set(8, size - 8, true);
	if (version >= 7) {
		const bits = withRemainder(version, 12, 0x1f25);
		for (let bit = 0; bit < 18; bit++) {
			const [near, far] = [Math.floor(bit / 3), size - 11 + (bit % 3)];
			set(near, far, isSet(bits, bit));
			set(far, near, isSet(bits, bit));
		}
	}
	return grid;
}

/** Where alignment patterns have their centres, on both axes (annex E). */
function alignment(version: number, size: number): number[] {
	if (version === 1) return [];
	const gaps = Math.floor(version / 7) + 1;
	const step = 2 * Math.ceil((size - 13) / gaps / 2);
	return [6, ...Array.from({ length: gaps }, (_, index) => size - 7 - step * index).reverse()];
}

/** The two copies of the format's 15 bits, the lowest first (section 7.9.1). */
function formatPlaces(size: number): [number, number][][] {
	const bits = Array.from({ length: 15 }, (_, bit) => bit);
	// Past the timing pattern in row and column 6.
	const near = (index: number) => (index < 6 ? index : index + 1);
	return [
		bits.map((bit) => (bit < 8 ? [8, near(bit)] : [near(14 - bit), 8])),
		bits.map((bit) => (bit < 8 ? [size - 1 - bit, 8] : [8, size - 15 + bit])),
	];
}

/** The data with its parity, in the order in which it is drawn; undefined if it does not fit. */
function codewordsOf(bytes: Uint8Array, version: number, total: number): number[] | undefined {
	const parity = PARITY[version - 1] ?? 0;
	const blocks = BLOCKS[version - 1] ?? 1;
	const room = total - parity * blocks;
	const bits: number[] = [];
	const push = (value: number, length: number) => {
		for (let bit = length - 1; bit >= 0; bit--) bits.push((value >> bit) & 1);
	};
	push(0b0100, 4);
	push(bytes.length, version < 10 ? 8 : 16);
	for (const byte of bytes) push(byte, 8);
	if (bits.length > room * 8) return undefined;
	push(0, Math.min(4, room * 8 - bits.length));
	push(0, -bits.length & 7);
	const data: number[] = [];
	for (let at = 0; at < bits.length; at += 8)
		data.push(Number.parseInt(bits.slice(at, at + 8).join(''), 2));
	for (let pad = 0xec; data.length < room; pad ^= 0xec ^ 0x11) data.push(pad);

	const short = Math.floor(room / blocks);
	const shortBlocks = blocks - (room % blocks);
	const parts = Array.from({ length: blocks }, (_, index) => {
		const from = index * short + Math.max(0, index - shortBlocks);
		return data.slice(from, from + short + (index < shortBlocks ? 0 : 1));
	});
	const checks = parts.map((part) => remainder(part, parity));
	return [...interleave(parts), ...interleave(checks)];
}

function interleave(parts: readonly (readonly number[])[]): number[] {
	const length = Math.max(...parts.map((part) => part.length));
	return Array.from({ length }, (_, at) => parts.map((part) => part[at]))
		.flat()
		.filter((value) => value !== undefined);
}

/** The Reed-Solomon parity of a block (section 7.5.2). */
function remainder(data: readonly number[], length: number): number[] {
	let generator = [1];
	for (let power = 0, root = 1; power < length; power++, root = multiply(root, 2)) {
		const before = generator;
		generator = [...before, 0].map((term, at) => term ^ multiply(before[at - 1] ?? 0, root));
	}
	const rest = [...data, ...Array<number>(length).fill(0)];
	for (let at = 0; at < data.length; at++) {
		const factor = rest[at] ?? 0;
		generator.forEach((term, offset) => {
			rest[at + offset] = (rest[at + offset] ?? 0) ^ multiply(term, factor);
		});
	}
	return rest.slice(data.length);
}

/** In GF(256) modulo x^8 + x^4 + x^3 + x^2 + 1. */
function multiply(a: number, b: number): number {
	let product = 0;
	for (let bit = 7; bit >= 0; bit--)
		product = (product << 1) ^ ((product >> 7) * 0x11d) ^ (((b >> bit) & 1) * a);
	return product;
}

/** A value followed by the remainder of its division, `length` bits (annexes C and D). */
function withRemainder(value: number, length: number, generator: number): number {
	let rest = value;
	for (let bit = 0; bit < length; bit++) rest = (rest << 1) ^ ((rest >> (length - 1)) * generator);
	return (value << length) | rest;
}

function isSet(bits: number, bit: number): boolean {
	return ((bits >> bit) & 1) === 1;
}

/** Draws the data under each mask; the one that is easiest to read. */
function bestMasked(grid: Grid, codewords: readonly number[]): QrCode {
	const size = grid.length;
	const codes = MASKS.map((turns, mask) => {
		const code = grid.map((row) => [...row]);
		let at = 0;
		for (const [x, y] of zigzag(size)) {
			if (grid[y]?.[x] !== undefined) continue;
			const isDark = isSet(codewords[at >> 3] ?? 0, 7 - (at & 7));
			(code[y] ?? [])[x] = isDark !== turns(x, y);
			at += 1;
		}
		// Level L is 01.
		const format = withRemainder(0b01000 | mask, 10, 0x537) ^ 0x5412;
		for (const copy of formatPlaces(size))
			copy.forEach(([x, y], bit) => {
				(code[y] ?? [])[x] = isSet(format, bit);
			});
		return code as boolean[][];
	});
	const scores = codes.map(penalty);
	return codes[scores.indexOf(Math.min(...scores))] ?? [];
}

/** Pairs of columns from the right, up and down in turn, the timing column left out (section 7.7.3). */
function* zigzag(size: number): Generator<[number, number]> {
	for (let pair = 0; pair < (size - 1) / 2; pair++) {
		const right = size - 1 - 2 * pair;
		const x = right <= 6 ? right - 1 : right;
		for (let step = 0; step < size; step++) {
			const y = pair % 2 === 0 ? size - 1 - step : step;
			yield [x, y];
			yield [x - 1, y];
		}
	}
}

/** How hard a code is to read: long runs, blocks, what looks like a corner, too much of one colour (section 7.8.3). */
function penalty(code: QrCode): number {
	const rows = code.map((row) => row.map(Number).join(''));
	const columns = code.map((_, x) => code.map((row) => Number(row[x])).join(''));
	let score = 0;
	for (const line of [...rows, ...columns]) {
		for (const [run] of line.matchAll(/0{5,}|1{5,}/g)) score += run.length - 2;
		score += 40 * [...`0000${line}0000`.matchAll(/(?=10111010000|00001011101)/g)].length;
	}
	let dark = 0;
	code.forEach((row, y) => {
		row.forEach((module, x) => {
			dark += Number(module);
			const isSame = (dx: number, dy: number) => code[y + dy]?.[x + dx] === module;
			if (isSame(1, 0) && isSame(0, 1) && isSame(1, 1)) score += 3;
		});
	});
	return score + 10 * Math.floor(Math.abs(dark / code.length ** 2 - 0.5) * 20);
}
