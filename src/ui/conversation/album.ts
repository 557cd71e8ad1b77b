/** The fields of a message that decide whether it belongs to an album; `time` in milliseconds. */
export interface AlbumMessage {
	readonly key: string;
	readonly isOwn: boolean;
	readonly time: number;
}

/** Where a picture stands in its album: the grid's rows have one, two or three columns. */
export interface AlbumPlace {
	/** from 0 */
	readonly index: number;
	/** pictures of the album */
	readonly count: number;
	readonly columns: number;
	readonly isRowStart: boolean;
	readonly isRowEnd: boolean;
	readonly isTop: boolean;
	readonly isBottom: boolean;
}

const MAX_PICTURES = 10;
/** Milliseconds between two pictures of one album. */
const APART = 5 * 60_000;

/** Columns of each row, by the number of pictures: the larger ones first. */
const ROWS: Record<number, readonly number[]> = {
	3: [1, 2],
	4: [2, 2],
	5: [2, 3],
	6: [3, 3],
	7: [2, 2, 3],
	8: [2, 3, 3],
	9: [3, 3, 3],
	10: [2, 2, 3, 3],
};

/**
 * The albums among messages, oldest first: pictures in a row, of one sender and one day, by the key of each. A longer row is
 * cut from its start, so that what is added at the end moves nothing before it.
 */
export function albumPlaces<T extends AlbumMessage>(
	messages: readonly T[],
	isPicture: (message: T) => boolean,
): Map<string, AlbumPlace> {
	const places = new Map<string, AlbumPlace>();
	let album: T[] = [];
	const end = () => {
		const rows = ROWS[album.length] ?? [];
		let index = 0;
		rows.forEach((columns, row) => {
			for (let column = 0; column < columns; column++, index++)
				places.set(album[index]?.key ?? '', {
					index,
					count: album.length,
					columns,
					isRowStart: column === 0,
					isRowEnd: column === columns - 1,
					isTop: row === 0,
					isBottom: row === rows.length - 1,
				});
		});
		album = [];
	};
	for (const message of messages) {
		const last = album.at(-1);
		if (!isPicture(message)) {
			end();
			continue;
		}
		if (last !== undefined && (album.length === MAX_PICTURES || !goOn(last, message))) end();
		album.push(message);
	}
	end();
	return places;
}

function goOn(before: AlbumMessage, message: AlbumMessage): boolean {
	return (
		before.isOwn === message.isOwn &&
		message.time - before.time < APART &&
		new Date(before.time).toDateString() === new Date(message.time).toDateString()
	);
}
