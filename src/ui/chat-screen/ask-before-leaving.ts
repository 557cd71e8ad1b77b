/** While there is something that leaving the page would lose, the browser asks whether one wants to; it has its own words. Returns what ends that. */
export function askBeforeLeaving(isLost: () => boolean): () => void {
	const ask = (event: BeforeUnloadEvent) => {
		if (isLost()) event.preventDefault();
	};
	addEventListener('beforeunload', ask);
	return () => removeEventListener('beforeunload', ask);
}
