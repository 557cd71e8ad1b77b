/** One thing is heard at a time: stops what plays in the page, but for one element. */
export function pauseOthers(element?: HTMLMediaElement): void {
	for (const other of document.querySelectorAll<HTMLMediaElement>('audio, video'))
		if (other !== element) other.pause();
}
