import type { Accessor } from 'solid-js';
import {
	type Anchor,
	AT_END,
	type Following,
	type FollowingEvent,
	follow,
	type Sight,
} from './following.ts';

/** Milliseconds after a touch, a key or a turn of the wheel in which a list scrolls because of it. */
const OWN_WAY = 500;

/** Keeps a list of messages where `following` says, and tells that what happens to the list. */
export interface ScrollPlace {
	/** Moves the list to where it is to stand after this; what has changed is in the page already. */
	happened(event: FollowingEvent): void;
	/** Something may have moved what is in sight. */
	settle(): void;
	/** The messages in sight; `first`: the one that is looked at, if that is known. */
	sight(first?: string): Sight;
	/** The row of a message, if it is loaded. */
	elementOf(key: string): HTMLElement | null;
	end(): void;
}

/**
 * Browsers that keep the place themselves do it each in their own way, and WebKit does not: their own is off
 * (`overflow-anchor`), and all of it is done here.
 */
export function makeScrollPlace({
	list,
	rows,
	following,
	setFollowing,
	hasNewer,
	onScroll,
}: {
	list: HTMLElement;
	rows: HTMLElement;
	following: Accessor<Following>;
	setFollowing: (following: Following) => void;
	hasNewer: () => boolean;
	/** The list stands elsewhere. */
	onScroll: () => void;
}): ScrollPlace {
	/** as the list was when it was last looked at */
	let noted = { top: 0, height: 0, view: 0, width: 0 };
	/** when somebody last did something to scroll it */
	let ownWay = Number.NEGATIVE_INFINITY;
	const ends = new AbortController();
	const { signal } = ends;

	const below = () => list.scrollHeight - list.scrollTop - list.clientHeight;
	const elementOf = (key: string) =>
		list.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`);
	const offsetOf = (element: Element) =>
		element.getBoundingClientRect().top - list.getBoundingClientRect().top;
	const note = () => {
		const { scrollTop, scrollHeight, clientHeight, clientWidth } = list;
		noted = { top: scrollTop, height: scrollHeight, view: clientHeight, width: clientWidth };
	};

	/** A message that begins in the upper half is being read; without one, the message that fills the view. */
	function anchors(): Anchor[] {
		const frame = list.getBoundingClientRect();
		const all: Anchor[] = [];
		for (const row of list.querySelectorAll<HTMLElement>('[data-key]')) {
			const { top, bottom } = row.getBoundingClientRect();
			if (bottom <= frame.top) continue;
			if (top >= frame.bottom) break;
			all.push({ key: row.dataset['key'] ?? '', offset: top - frame.top });
		}
		const isBegun = ({ offset }: Anchor) => offset >= 0 && offset < frame.height / 2;
		return [...all.filter(isBegun), ...all.filter((anchor) => !isBegun(anchor))];
	}

	function sight(first?: string): Sight {
		const seen = anchors();
		const looked = seen.filter(({ key }) => key === first);
		return { below: below(), hasNewer: hasNewer(), anchors: [...looked, ...seen] };
	}

	/** How far what is read has moved down. */
	function driftOf(among: readonly Anchor[]): number {
		for (const { key, offset } of among) {
			const element = elementOf(key);
			if (element !== null) return offsetOf(element) - offset;
		}
		return 0;
	}

	function moveBy(pixels: number): void {
		// Less than a pixel is what the browser rounds.
		if (Math.abs(pixels) >= 1) list.scrollTop += pixels;
	}

	function toPlace(): void {
		const { place } = following();
		const toEnd = () => list.scrollTo({ top: list.scrollHeight });
		if (place.at === 'reading') moveBy(driftOf(place.anchors));
		else if (place.at === 'end') toEnd();
		else {
			const divider = list.querySelector('.unread-from');
			const height =
				rows.getBoundingClientRect().bottom - (divider?.getBoundingClientRect().top ?? 0);
			if (divider === null || height < list.clientHeight) toEnd();
			else moveBy(offsetOf(divider));
		}
	}

	function settle(): void {
		toPlace();
		note();
		setFollowing(follow(following(), { kind: 'placed', sight: sight() }));
	}

	function happened(event: FollowingEvent): void {
		setFollowing(follow(following(), event));
		// It is about to grow.
		if (event.kind === 'unfolded') note();
		else settle();
	}

	function scrolled(by: number): void {
		const { place } = following();
		// Messages above may have grown since the list was last looked at.
		if (place.at === 'reading') moveBy(driftOf(place.anchors) + by);
		const seen = sight();
		const before = noted.height - noted.top - noted.view;
		setFollowing(follow(following(), { kind: 'scrolled', by, below: before, sight: seen }));
		if (following().place.at === 'end' && seen.below > AT_END) settle();
		else note();
	}

	const isByPerson = () => performance.now() < ownWay + OWN_WAY;
	list.addEventListener(
		'scroll',
		() => {
			const by = list.scrollTop - noted.top;
			const isResized =
				list.scrollHeight !== noted.height ||
				list.clientHeight !== noted.view ||
				list.clientWidth !== noted.width;
			if (Math.abs(by) >= 1) {
				// It glides on after a finger has left it.
				if (isByPerson()) ownWay = performance.now();
				// The browser moves what has become shorter.
				if (isResized && !isByPerson()) settle();
				else scrolled(by);
			}
			onScroll();
		},
		{ signal, passive: true },
	);
	for (const kind of ['wheel', 'touchmove', 'pointerdown', 'keydown'])
		list.addEventListener(
			kind,
			() => {
				ownWay = performance.now();
				if (following().place.at === 'first-unread')
					setFollowing(follow(following(), { kind: 'pressed', sight: sight() }));
			},
			{ signal, passive: true },
		);
	const observer = new ResizeObserver(() => {
		// It is not shown.
		if (list.clientHeight === 0) return;
		const isResized = list.clientHeight !== noted.view || list.clientWidth !== noted.width;
		if (isResized) happened({ kind: 'resized' });
		else settle();
	});
	observer.observe(list);
	observer.observe(rows);
	return {
		happened,
		settle,
		sight,
		elementOf,
		end() {
			ends.abort();
			observer.disconnect();
		},
	};
}
