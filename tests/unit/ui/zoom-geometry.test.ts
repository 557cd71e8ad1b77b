import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
	bounded,
	MAX_SCALE,
	type Point,
	pinched,
	resisted,
	type Size,
	swipeEnd,
	type View,
	WHOLE,
	zoomed,
} from '../../../src/ui/viewer/zoom-geometry.ts';

const FRAME: Size = { width: 400, height: 800 };
const BOTH = { before: true, after: true };

const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const size = fc.record({ width: number(1, 5000), height: number(1, 5000) });
const point = fc.record({ x: number(-2000, 2000), y: number(-2000, 2000) });
const view = fc.record({
	scale: number(1, MAX_SCALE),
	x: number(-9000, 9000),
	y: number(-9000, 9000),
});

/** Where a place of the picture, in pixels of it from its middle, is seen. */
const seen = ({ scale, x, y }: View, place: Point) => ({
	x: x + place.x * scale,
	y: y + place.y * scale,
});
const placeAt = ({ scale, x, y }: View, at: Point) => ({
	x: (at.x - x) / scale,
	y: (at.y - y) / scale,
});

describe('a view', () => {
	it('is never without the picture, and never shows a gap that the picture could fill', () =>
		fc.assert(
			fc.property(view, size, size, (any, picture, frame) => {
				const { scale, x, y } = bounded({ ...any, scale: any.scale * 3 - 2 }, picture, frame);
				const fit = Math.min(frame.width / picture.width, frame.height / picture.height);
				expect(scale).toBeGreaterThanOrEqual(1);
				expect(scale).toBeLessThanOrEqual(MAX_SCALE);
				for (const [at, side, room] of [
					[x, picture.width * fit * scale, frame.width],
					[y, picture.height * fit * scale, frame.height],
				] as const) {
					if (side <= room) expect(at).toBeCloseTo(0);
					else expect(Math.abs(at)).toBeLessThanOrEqual((side - room) / 2 + 1e-6);
				}
			}),
		));

	it('that is within its bounds stays as it is', () =>
		fc.assert(
			fc.property(view, size, size, (any, picture, frame) => {
				const once = bounded(any, picture, frame);
				expect(bounded(once, picture, frame)).toEqual(once);
			}),
		));

	it('of a picture that is not here is whole', () => {
		expect(bounded({ scale: 1, x: 40, y: 9 }, { width: 0, height: 0 }, FRAME)).toMatchObject(WHOLE);
	});
});

describe('zooming', () => {
	it('leaves what is under the pointer where it is, and can be undone', () =>
		fc.assert(
			fc.property(view, number(0.1, 10), point, (before, factor, at) => {
				const after = zoomed(before, factor, at);
				const now = seen(after, placeAt(before, at));
				expect(now.x).toBeCloseTo(at.x, 5);
				expect(now.y).toBeCloseTo(at.y, 5);
				const back = zoomed(after, before.scale / after.scale, at);
				expect(back.x).toBeCloseTo(before.x, 5);
				expect(back.scale).toBeCloseTo(before.scale, 5);
			}),
		));

	it('stays within its limits', () => {
		expect(zoomed(WHOLE, 100, { x: 0, y: 0 }).scale).toBe(MAX_SCALE);
		expect(zoomed(WHOLE, 0.1, { x: 5, y: 5 })).toEqual(WHOLE);
	});
});

describe('two fingers', () => {
	it('take what is between them with them', () =>
		fc.assert(
			fc.property(view, point, point, point, point, (before, a, b, c, d) => {
				const middle = (one: Point, other: Point) => ({
					x: (one.x + other.x) / 2,
					y: (one.y + other.y) / 2,
				});
				const after = pinched(before, [a, b], [c, d]);
				const now = seen(after, placeAt(before, middle(a, b)));
				expect(now.x).toBeCloseTo(middle(c, d).x, 4);
				expect(now.y).toBeCloseTo(middle(c, d).y, 4);
			}),
		));

	it('twice as far apart make it twice as large', () => {
		const [a, b, c] = [-10, 10, 30].map((x) => ({ x, y: 0 })) as [Point, Point, Point];
		expect(pinched(WHOLE, [a, b], [a, c]).scale).toBe(2);
		expect(pinched(WHOLE, [a, a], [a, c])).toMatchObject({ scale: 1, x: 20 });
	});
});

describe('a swipe', () => {
	const end = (x: number, y: number, time: number, has = BOTH) =>
		swipeEnd({ x, y, time }, FRAME, has);

	it('counts if it goes far, or fast', () => {
		expect(end(-130, 0, 5000)).toBe('after');
		expect(end(130, 0, 5000)).toBe('before');
		expect(end(-110, 0, 5000)).toBe('stay');
		expect(end(-40, 0, 100)).toBe('after');
		expect(end(-20, 0, 10)).toBe('stay');
		expect(end(0, 0, 0)).toBe('stay');
	});

	it('goes nowhere where there is nothing', () => {
		expect(end(300, 0, 50, { before: false, after: true })).toBe('stay');
		expect(end(-300, 0, 50, { before: true, after: false })).toBe('stay');
	});

	it('closes downwards only', () => {
		expect(end(10, 250, 5000)).toBe('close');
		expect(end(10, 60, 100)).toBe('close');
		expect(end(10, -600, 100)).toBe('stay');
	});

	it('follows the finger, less far where there is nothing', () => {
		expect(resisted(90, BOTH)).toBe(90);
		expect(resisted(90, { before: false, after: true })).toBe(30);
		expect(resisted(-90, { before: true, after: false })).toBe(-30);
	});
});
