/** How long a hidden frame stays, in milliseconds: longer than a save token lives. */
const FRAME_LIFETIME = 90_000;

/** Goes to an address that answers with an attachment, without leaving the page. */
export function navigateHidden(path: string): void {
	const frame = document.createElement('iframe');
	frame.hidden = true;
	frame.title = 'Saving';
	frame.src = path;
	document.body.append(frame);
	setTimeout(() => frame.remove(), FRAME_LIFETIME);
}

/** Saves what an object URL holds. */
export function saveBlob(url: string, name: string): void {
	const link = document.createElement('a');
	link.href = url;
	link.download = name;
	link.click();
}
