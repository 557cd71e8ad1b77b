import { type Accessor, createSignal, onCleanup } from 'solid-js';

/** Whether the browser has a network at all. */
export function createOnline(): Accessor<boolean> {
	const [online, setOnline] = createSignal(navigator.onLine);
	const look = () => setOnline(navigator.onLine);
	addEventListener('online', look);
	addEventListener('offline', look);
	onCleanup(() => {
		removeEventListener('online', look);
		removeEventListener('offline', look);
	});
	return online;
}
