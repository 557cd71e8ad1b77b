/** Waits until work has ended, well or badly, but no longer than so many milliseconds; the work itself goes on. */
export async function settledWithin(work: Promise<unknown>, milliseconds: number): Promise<void> {
	let timer: ReturnType<typeof setTimeout> | undefined;
	const time = new Promise<void>((resolve) => {
		timer = setTimeout(resolve, milliseconds);
	});
	const done = work.then(
		() => undefined,
		() => undefined,
	);
	await Promise.race([done, time]);
	clearTimeout(timer);
}
