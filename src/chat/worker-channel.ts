import { type PageMessage, parseWorkerMessage, type WorkerMessage } from '../core/messages.ts';

/** How long a page waits to be controlled, in milliseconds: a hard reload never is. */
const CONTROL_TIME = 3000;

/** The page's line to the worker that controls it. */
export interface WorkerChannel {
	/** Resolves to whether a worker controls this page, now or soon. */
	ready(): Promise<boolean>;
	/** Lost where no worker controls the page. */
	send(message: PageMessage): void;
	/** Ends listening. */
	close(): void;
}

/** `answer` gets each valid message, and the port to reply on if it came with one. */
export function makeWorkerChannel(
	answer: (message: WorkerMessage, port: MessagePort | undefined) => void,
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
	return {
		async ready() {
			if (workers === undefined) return false;
			if (workers.controller !== null) return true;
			return new Promise((resolve) => {
				const timer = setTimeout(() => resolve(workers.controller !== null), CONTROL_TIME);
				workers.addEventListener(
					'controllerchange',
					() => {
						clearTimeout(timer);
						resolve(true);
					},
					{ once: true },
				);
			});
		},
		send: (message) => workers?.controller?.postMessage(message),
		close: () => workers?.removeEventListener('message', onMessage),
	};
}
