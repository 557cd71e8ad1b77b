import {
	type PageMessage,
	parseWorkerMessage,
	type WorkerMessage,
} from '../../core/http/page-messages.ts';

/** How long a page waits to be controlled, in milliseconds, before it says so: after a hard reload it never is. */
const CONTROL_TIME = 3000;

/** The page's line to the worker that controls it. */
export interface WorkerChannel {
	/** Lost where no worker controls the page. */
	send(message: PageMessage): void;
	/** Ends listening. */
	close(): void;
}

/**
 * `answer` gets each valid message, and the port to reply on if it came with one. `onControl` is told, not before this returns,
 * whether a worker controls the page; again when one does after all, as where its installation takes long, and by another.
 */
export function makeWorkerChannel(
	answer: (message: WorkerMessage, port: MessagePort | undefined) => void,
	onControl: (isControlled: boolean) => void,
): WorkerChannel {
	const workers = 'serviceWorker' in navigator ? navigator.serviceWorker : undefined;
	const onMessage = (event: MessageEvent) => {
		try {
			answer(parseWorkerMessage(event.data), event.ports[0]);
		} catch {
			// not one of ours
		}
	};
	workers?.addEventListener('message', onMessage);
	workers?.startMessages();
	const isControlled = () => (workers?.controller ?? null) !== null;
	let timer: ReturnType<typeof setTimeout>;
	const tell = () => {
		clearTimeout(timer);
		onControl(isControlled());
	};
	timer = setTimeout(tell, isControlled() || workers === undefined ? 0 : CONTROL_TIME);
	workers?.addEventListener('controllerchange', tell);
	return {
		send: (message) => workers?.controller?.postMessage(message),
		close() {
			clearTimeout(timer);
			workers?.removeEventListener('controllerchange', tell);
			workers?.removeEventListener('message', onMessage);
		},
	};
}
