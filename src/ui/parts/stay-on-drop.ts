import { onCleanup } from 'solid-js';

/**
 * A file that is dropped where nothing takes it would make the browser leave the app, and show the file. `tell` says why
 * nothing does, where there is something to say.
 */
export function stayOnDrop(tell: () => (() => void) | undefined): void {
	// Behind the listeners of the document, which take what they want.
	const stay = (event: DragEvent) => {
		const { dataTransfer } = event;
		if (event.defaultPrevented || dataTransfer?.types.includes('Files') !== true) return;
		event.preventDefault();
		const say = tell();
		// A browser does not drop what nothing takes.
		if (say === undefined) dataTransfer.dropEffect = 'none';
		else if (event.type === 'drop') say();
	};
	addEventListener('dragover', stay);
	addEventListener('drop', stay);
	onCleanup(() => {
		removeEventListener('dragover', stay);
		removeEventListener('drop', stay);
	});
}
