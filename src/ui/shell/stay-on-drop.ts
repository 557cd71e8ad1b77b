import { onCleanup } from 'solid-js';

/** A file that is dropped where nothing takes it would make the browser leave the app, and show the file. */
export function stayOnDrop(): void {
	// Behind the listeners of the document, which take what they want.
	const stay = (event: DragEvent) => {
		const { dataTransfer } = event;
		if (event.defaultPrevented || dataTransfer?.types.includes('Files') !== true) return;
		event.preventDefault();
		dataTransfer.dropEffect = 'none';
	};
	addEventListener('dragover', stay);
	addEventListener('drop', stay);
	onCleanup(() => {
		removeEventListener('dragover', stay);
		removeEventListener('drop', stay);
	});
}
