/** Resolves after so many milliseconds. */
export function pause(time: number): Promise<void> {
	return new Promise((resolve) => void setTimeout(resolve, time));
}
