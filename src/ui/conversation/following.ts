/**
 * Where a list of messages stands, and where it goes when something happens. Without a screen: `scroll-place.ts` measures,
 * and moves the list.
 *
 * - Who sends something is at the end, and nothing is new any more.
 * - At the end it stays at the end, whatever comes, grows or is resized.
 * - What somebody reads further up stays where it is.
 * - A list opens at what is new; that stays in sight until somebody does something, or the end is in sight and more comes.
 * - The divider stays until one has answered or left.
 */

/** Pixels from the end within which somebody is at the end: about a line. */
export const AT_END = 40;

/** A message that is seen, and how far below the upper edge it begins, in pixels. */
export interface Anchor {
	readonly key: string;
	readonly offset: number;
}

/** The place in sight: the first new message, the end, or a message that somebody reads; there the first anchor left holds. */
export type Place =
	| { readonly at: 'first-unread' }
	| { readonly at: 'end' }
	| { readonly at: 'reading'; readonly anchors: readonly Anchor[] };

export interface Following {
	readonly place: Place;
	/** The last message is in sight: what comes counts as read. */
	readonly isAtEnd: boolean;
	/** the key of the message that the divider stands above */
	readonly firstUnread?: string;
}

/** The part of the list that is seen. */
export interface Sight {
	/** pixels from the lower edge to the end of the loaded messages */
	readonly below: number;
	/** there are newer messages than those that are loaded */
	readonly hasNewer: boolean;
	/** what is in sight, what is read most likely first */
	readonly anchors: readonly Anchor[];
}

export type FollowingEvent =
	/** The list is at its place, and looks like this. */
	| { readonly kind: 'placed'; readonly sight: Sight }
	/** A message was written here, or somebody asks for the end. */
	| { readonly kind: 'sent' | 'to-end' }
	/** A message of ours came from another device. */
	| { readonly kind: 'answered-elsewhere'; readonly sight: Sight }
	| { readonly kind: 'received' }
	/** The window or the composer changed its size, or a keyboard came or went. */
	| { readonly kind: 'resized' }
	/** Somebody moved the list; `by` pixels downwards. */
	| {
			readonly kind: 'scrolled';
			readonly by: number;
			readonly below: number;
			readonly sight: Sight;
	  }
	/** Somebody pressed something in the list; or asked to see a message, or all of one, which is in sight now. */
	| { readonly kind: 'pressed' | 'jumped' | 'unfolded'; readonly sight: Sight }
	/** Somebody looks at the page again; `firstUnread`: what came meanwhile. */
	| { readonly kind: 'returned'; readonly firstUnread: string };

/** A list that was just opened. */
export function opened(firstUnread: string | undefined): Following {
	if (firstUnread === undefined) return { place: { at: 'end' }, isAtEnd: true };
	return { place: { at: 'first-unread' }, isAtEnd: false, firstUnread };
}

/** Where it is to stand after this. */
export function follow(before: Following, event: FollowingEvent): Following {
	switch (event.kind) {
		case 'placed':
			return placed(before, event.sight);
		case 'sent':
			return { place: { at: 'end' }, isAtEnd: true };
		case 'to-end':
			return { ...before, place: { at: 'end' }, isAtEnd: true };
		case 'answered-elsewhere': {
			const { firstUnread: _, ...after } = leftOpening(before, event.sight);
			return after;
		}
		case 'received':
		case 'resized':
			// As it was opened, all was in sight: that is the end.
			if (before.place.at !== 'first-unread' || !before.isAtEnd) return before;
			return { ...before, place: { at: 'end' } };
		case 'scrolled': {
			const { by, below, sight } = event;
			// Nobody has scrolled away from a part that has grown since.
			const wasMoved = before.place.at !== 'end' || below - by > AT_END;
			if (!sight.hasNewer && (!wasMoved || isEnd(sight)))
				return { ...before, place: { at: 'end' }, isAtEnd: true };
			return { ...before, place: { at: 'reading', anchors: sight.anchors }, isAtEnd: false };
		}
		case 'pressed':
			return leftOpening(before, event.sight);
		case 'jumped':
			return placed(
				{ ...before, place: { at: 'reading', anchors: event.sight.anchors } },
				event.sight,
			);
		case 'unfolded':
			// The end is in sight still, but not once it has grown.
			return {
				...before,
				place: { at: 'reading', anchors: event.sight.anchors },
				isAtEnd: false,
			};
		case 'returned':
			if (!before.isAtEnd) return before;
			return { place: { at: 'first-unread' }, isAtEnd: false, firstUnread: event.firstUnread };
	}
}

/** New messages are not brought back into sight any more. */
function leftOpening(before: Following, sight: Sight): Following {
	if (before.place.at !== 'first-unread') return before;
	return placed({ ...before, place: { at: 'reading', anchors: sight.anchors } }, sight);
}

/** The list is at the end once the end is seen, also if it came up by itself. */
function placed(before: Following, sight: Sight): Following {
	const isAtEnd = isEnd(sight);
	if (before.place.at !== 'reading') return { ...before, isAtEnd };
	if (isAtEnd) return { ...before, place: { at: 'end' }, isAtEnd };
	// Where it could not be held it is where it is seen now; a browser rounds, which must not add up. What has come into
	// sight beside it holds once it is removed.
	const isHeld = ({ key, offset }: Anchor) =>
		sight.anchors.some((seen) => seen.key === key && Math.abs(seen.offset - offset) < 1);
	const held = before.place.anchors.find(isHeld);
	const others = sight.anchors.filter(({ key }) => key !== held?.key);
	const anchors = held === undefined ? others : [held, ...others];
	return { ...before, place: { at: 'reading', anchors }, isAtEnd };
}

function isEnd({ below, hasNewer }: Sight): boolean {
	return !hasNewer && below <= AT_END;
}
