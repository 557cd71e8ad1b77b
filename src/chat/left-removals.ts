/** Where a page that is left writes down what is still to be deleted: a database is too slow for that. */
export const LEFT = 'balcony-removed';

/** Whether the last page was left with something to be deleted. */
export function hasLeft(): boolean {
	try {
		return localStorage.getItem(LEFT) !== null;
	} catch {
		return false;
	}
}
