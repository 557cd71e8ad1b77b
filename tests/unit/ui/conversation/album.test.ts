import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AlbumMessage, albumPlaces } from '../../../../src/ui/conversation/album.ts';

const MINUTE = 60_000;
/** Noon, so that no test crosses a midnight by chance. */
const NOON = new Date(2024, 4, 5, 12).getTime();

interface Said extends AlbumMessage {
	readonly isPicture: boolean;
}

const say = (key: string, more: Partial<Said> = {}): Said => ({
	key,
	isOwn: false,
	time: NOON,
	isPicture: true,
	...more,
});
const pictures = (count: number) => Array.from({ length: count }, (_, n) => say(`${n}`));
const placesOf = (messages: readonly Said[]) => albumPlaces(messages, ({ isPicture }) => isPicture);
const keysOf = (messages: readonly Said[]) => [...placesOf(messages).keys()].join('');

describe('pictures in a row', () => {
	it('make an album from three on', () => {
		expect(keysOf(pictures(2))).toBe('');
		expect(keysOf(pictures(3))).toBe('012');
	});

	for (const [count, rows] of [
		[3, '1 22'],
		[4, '22 22'],
		[5, '22 333'],
		[7, '22 22 333'],
		[10, '22 22 333 333'],
	] as const)
		it(`${count} of them stand as ${rows}`, () => {
			const places = [...placesOf(pictures(count)).values()];
			const shown = places.map(({ columns, isRowEnd }) => `${columns}${isRowEnd ? ' ' : ''}`);
			expect(shown.join('').trim()).toBe(rows);
			expect(places.map(({ index }) => index)).toEqual(places.map((_, n) => n));
			expect(places.filter(({ isTop }) => isTop).length).toBe(places[0]?.columns);
			expect(places.filter(({ isBottom }) => isBottom).length).toBe(places.at(-1)?.columns);
		});

	it('are cut from the start where there are more than ten', () => {
		expect(placesOf(pictures(12)).size).toBe(10);
		expect(placesOf(pictures(13)).size).toBe(13);
		expect(placesOf(pictures(13)).get('10')).toMatchObject({ index: 0, count: 3 });
	});

	it('end with a text, another sender, a pause, a day', () => {
		const between = (more: Partial<Said>) => [
			...pictures(2),
			say('x', more),
			...pictures(5)
				.slice(2)
				.map((each) => ({ ...each, time: Math.max(each.time, more.time ?? 0) })),
		];
		expect(keysOf(between({}))).toBe('01x234');
		expect(keysOf(between({ isPicture: false }))).toBe('234');
		expect(keysOf(between({ isOwn: true }))).toBe('234');
		expect(keysOf(between({ time: NOON + 5 * MINUTE }))).toBe('x234');
		expect(keysOf(between({ time: NOON + 5 * MINUTE - 1 }))).toBe('01x234');
		const midnight = new Date(2024, 4, 6).getTime();
		const late = pictures(6).map((each, n) => ({ ...each, time: midnight + (n - 2) * MINUTE }));
		expect(keysOf(late)).toBe('2345');
	});

	const said = fc.array(
		fc.record({
			isOwn: fc.boolean(),
			isPicture: fc.oneof({ weight: 9, arbitrary: fc.constant(true) }, fc.boolean()),
			pause: fc.oneof({ weight: 9, arbitrary: fc.constant(0) }, fc.nat(10 * MINUTE)),
		}),
		{ maxLength: 60 },
	);
	const messagesOf = (steps: { isOwn: boolean; isPicture: boolean; pause: number }[]) => {
		let time = NOON;
		return steps.map(({ pause, ...rest }, n) => {
			time += pause;
			return say(`${n}`, { ...rest, time });
		});
	};

	it('fill whole rows of whole albums, in order and without a gap', () => {
		fc.assert(
			fc.property(said, (steps) => {
				const messages = messagesOf(steps);
				const places = placesOf(messages);
				for (let at = 0; at < messages.length; ) {
					const first = messages[at];
					const place = first && places.get(first.key);
					if (first === undefined || place === undefined) {
						at += 1;
						continue;
					}
					expect(place.index).toBe(0);
					expect(place.count).toBeGreaterThanOrEqual(3);
					expect(place.count).toBeLessThanOrEqual(10);
					const album = messages.slice(at, at + place.count);
					expect(album.length).toBe(place.count);
					let column = 0;
					album.forEach((message, index) => {
						const here = places.get(message.key);
						expect(message.isPicture && message.isOwn === first.isOwn).toBe(true);
						expect(here).toMatchObject({
							index,
							count: place.count,
							isRowStart: column === 0,
							isRowEnd: column === (here?.columns ?? 0) - 1,
						});
						column = here?.isRowEnd === true ? 0 : column + 1;
					});
					expect(column).toBe(0);
					at += place.count;
				}
			}),
		);
	});

	it('that come later move no album before the last', () => {
		fc.assert(
			fc.property(said, fc.nat(), (steps, cut) => {
				const messages = messagesOf(steps);
				const before = placesOf(messages.slice(0, cut % (messages.length + 1)));
				const after = placesOf(messages);
				const whole = [...before].filter(([, { count }]) => count === 10);
				for (const [key, place] of whole) expect(after.get(key)).toEqual(place);
			}),
		);
	});
});
