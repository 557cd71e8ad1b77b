import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
	type Anchor,
	AT_END,
	type Following,
	follow,
	opened,
	type Sight,
} from '../../../../src/ui/conversation/following.ts';
import { times } from '../../../what-runs.ts';

/** A list without a browser: rows with heights, a view, and what `scroll-place.ts` does with them. */
class List {
	rows: { key: string; height: number; isOwn: boolean }[];
	view: number;
	top = 0;
	following: Following;
	/** newer messages than these are not loaded */
	hasNewer = false;
	#keys = 5000;
	#older = 5000;
	#notedBelow = 0;

	constructor(heights: readonly number[], view: number, unread: number) {
		this.view = view;
		this.rows = heights.map((height) => ({ key: this.newKey(), height, isOwn: false }));
		this.following = opened(this.rows.at(-unread || this.rows.length)?.key);
		this.settle();
	}

	newKey(): string {
		this.#keys += 1;
		return `${this.#keys}`;
	}
	olderKey(): string {
		this.#older -= 1;
		return `${this.#older}`;
	}
	get height(): number {
		return this.rows.reduce((sum, { height }) => sum + height, 0);
	}
	get below(): number {
		return Math.max(0, this.height - this.top - this.view);
	}
	/** from the upper edge of the list's content */
	startOf(wanted: string | undefined): number | undefined {
		let start = 0;
		for (const { key, height } of this.rows) {
			if (key === wanted) return start;
			start += height;
		}
		return undefined;
	}
	moveTo(top: number): void {
		this.top = Math.max(0, Math.min(top, this.height - this.view));
	}
	get anchors(): Anchor[] {
		const seen = this.rows.flatMap(({ key, height }) => {
			const offset = (this.startOf(key) ?? 0) - this.top;
			return offset < this.view && offset + height > 0 ? [{ key, offset }] : [];
		});
		return [
			...seen.filter(({ offset }) => offset >= 0),
			...seen.filter(({ offset }) => offset < 0),
		];
	}
	get sight(): Sight {
		return { below: this.below, hasNewer: this.hasNewer, anchors: this.anchors };
	}
	settle(): void {
		const { place, firstUnread } = this.following;
		// A browser moves it, too, where it has become shorter.
		this.moveTo(this.top);
		if (place.at === 'end') this.moveTo(this.height);
		else if (place.at === 'reading') {
			const anchor = place.anchors.find(({ key }) => this.startOf(key) !== undefined);
			if (anchor) this.moveTo((this.startOf(anchor.key) ?? 0) - anchor.offset);
		} else {
			const start = this.startOf(this.rows.find(({ key }) => key >= (firstUnread ?? ''))?.key);
			this.moveTo(start ?? this.height);
		}
		this.#notedBelow = this.below;
		this.following = follow(this.following, { kind: 'placed', sight: this.sight });
	}
	happened(event: Parameters<typeof follow>[1]): void {
		this.following = follow(this.following, event);
		this.settle();
	}
	scroll(by: number): void {
		const before = this.top;
		this.moveTo(this.top + by);
		const below = this.#notedBelow;
		this.following = follow(this.following, {
			kind: 'scrolled',
			by: this.top - before,
			below,
			sight: this.sight,
		});
		if (this.following.place.at === 'end' && this.below > AT_END) this.settle();
		else this.#notedBelow = this.below;
	}
	get hasLast(): boolean {
		return this.below <= AT_END;
	}
}

const height = fc.integer({ min: 20, max: 400 });
const place = fc.nat();
const event = fc.oneof(
	fc.record({ kind: fc.constantFrom('received', 'sent', 'elsewhere', 'returned'), height }),
	fc.record({ kind: fc.constant('scrolled'), by: fc.integer({ min: -900, max: 900 }) }),
	fc.record({ kind: fc.constant('resized'), height: fc.integer({ min: 100, max: 900 }) }),
	fc.record({ kind: fc.constantFrom('grown', 'older'), place, height }),
	fc.record({ kind: fc.constantFrom('removed', 'jumped', 'unfolded'), place, height }),
	fc.record({ kind: fc.constantFrom('pressed', 'to-end') }),
) as fc.Arbitrary<{ kind: string; height: number; by: number; place: number }>;

function happen(
	list: List,
	{ kind, height, by, place }: { kind: string; height: number; by: number; place: number },
): void {
	const row = list.rows[place % Math.max(1, list.rows.length)];
	const add = (isOwn: boolean) => list.rows.push({ key: list.newKey(), height, isOwn });
	if (kind === 'received') {
		add(false);
		list.happened({ kind });
	} else if (kind === 'sent') {
		add(true);
		list.happened({ kind: 'received' });
		list.happened({ kind });
	} else if (kind === 'elsewhere') {
		add(true);
		list.happened({ kind: 'received' });
		list.happened({ kind: 'answered-elsewhere', sight: list.sight });
	} else if (kind === 'returned') {
		add(false);
		list.happened({ kind: 'received' });
		list.happened({ kind, firstUnread: list.rows.at(-1)?.key ?? '' });
	} else if (kind === 'scrolled') list.scroll(by);
	else if (kind === 'resized') {
		list.view = height;
		list.happened({ kind });
	} else if (kind === 'grown' && row) {
		row.height = height;
		list.settle();
	} else if (kind === 'older') {
		for (let n = 0; n < 3; n += 1)
			list.rows.unshift({ key: list.olderKey(), height, isOwn: false });
		list.settle();
	} else if (kind === 'removed' && row) {
		list.rows = list.rows.filter((each) => each !== row);
		list.settle();
	} else if (kind === 'jumped' && row) {
		list.moveTo((list.startOf(row.key) ?? 0) - (list.view - row.height) / 2);
		const { anchors, ...sight } = list.sight;
		const first = anchors.filter(({ key }) => key === row.key);
		list.happened({ kind, sight: { ...sight, anchors: [...first, ...anchors] } });
	} else if (kind === 'unfolded' && row) {
		list.following = follow(list.following, { kind, sight: list.sight });
		row.height += height;
		list.settle();
	} else if (kind === 'pressed') list.happened({ kind, sight: list.sight });
	else if (kind === 'to-end') list.happened({ kind });
}

describe('whatever happens in whatever order', () => {
	it('the end stays the end, what is read stays, and who sends is at the end', () => {
		fc.assert(
			fc.property(
				fc.array(height, { maxLength: 30 }),
				fc.integer({ min: 100, max: 900 }),
				fc.nat({ max: 8 }),
				fc.array(event, { maxLength: 30 }),
				(heights, view, unread, events) => {
					const list = new List(heights, view, Math.min(unread, heights.length));
					for (const each of events) {
						const before = list.following;
						const anchors = list.anchors;
						const wasReading = !before.isAtEnd && before.place.at === 'reading';
						happen(list, each);
						const { isAtEnd, place: now, firstUnread } = list.following;
						// What is said to be in sight is.
						expect(isAtEnd).toBe(list.hasLast);
						if (now.at === 'reading') expect(isAtEnd).toBe(false);
						if (each.kind === 'sent') {
							expect(list.below).toBe(0);
							expect(firstUnread).toBeUndefined();
						}
						const isMoved = ['scrolled', 'jumped', 'unfolded', 'returned'].includes(each.kind);
						if (before.place.at === 'end' && !isMoved) expect(list.below).toBe(0);
						if (before.isAtEnd && ['received', 'resized'].includes(each.kind))
							expect(list.below).toBe(0);
						if (
							wasReading &&
							!isAtEnd &&
							!['scrolled', 'jumped', 'sent', 'to-end'].includes(each.kind)
						) {
							const stays = anchors.filter(({ key }) => list.startOf(key) !== undefined);
							const moved = stays.map(({ key, offset }) =>
								Math.abs((list.startOf(key) ?? 0) - list.top - offset),
							);
							// All that can be above is, where there is nothing left above it.
							if (moved.length > 0 && list.top > 0) expect(Math.min(...moved)).toBe(0);
						}
						// It stays until one answers.
						const hasAnswered = each.kind === 'sent' || each.kind === 'elsewhere';
						if (before.firstUnread !== undefined && !hasAnswered) expect(firstUnread).toBeDefined();
					}
				},
			),
			{ numRuns: times(5000, 500) },
		);
	});
});

const HEIGHTS = Array.from({ length: 20 }, () => 100);

describe('a list', () => {
	it('opens at the end, or at what is new', () => {
		expect(new List(HEIGHTS, 500, 0).below).toBe(0);
		const list = new List(HEIGHTS, 500, 8);
		expect(list.top).toBe(1200);
		expect(list.following.isAtEnd).toBe(false);
	});

	it('keeps what is new in sight while files above and below it load', () => {
		const list = new List(HEIGHTS, 500, 8);
		for (const place of [3, 11, 14]) happen(list, { kind: 'grown', place, height: 400, by: 0 });
		expect(list.startOf(list.following.firstUnread)).toBe(list.top);
	});

	it('is at the end after an answer, and follows what comes then', () => {
		const list = new List(HEIGHTS, 500, 8);
		for (const kind of ['sent', ...Array<string>(22).fill('received')])
			happen(list, { kind, height: 30, by: 0, place: 0 });
		expect(list.following).toEqual({ place: { at: 'end' }, isAtEnd: true });
		expect(list.below).toBe(0);
	});

	it('follows what comes where all that was new is in sight, and keeps the divider', () => {
		const list = new List(HEIGHTS, 500, 3);
		for (let n = 0; n < 22; n += 1) happen(list, { kind: 'received', height: 30, by: 0, place: 0 });
		expect(list.below).toBe(0);
		expect(list.following.firstUnread).toBeDefined();
	});

	it('is left by more than a line alone, however slowly', () => {
		const list = new List(HEIGHTS, 500, 0);
		list.scroll(-AT_END);
		expect(list.following.isAtEnd).toBe(true);
		list.scroll(-1);
		expect(list.following.isAtEnd).toBe(false);
	});

	it('has no end while newer messages are not loaded', () => {
		const list = new List(HEIGHTS, 500, 0);
		list.hasNewer = true;
		list.scroll(-300);
		list.scroll(300);
		expect(list.following).toMatchObject({ place: { at: 'reading' }, isAtEnd: false });
	});
});
