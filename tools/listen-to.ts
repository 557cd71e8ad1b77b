import type { ConnectionEvents } from '../src/xmpp/connection-events.ts';

/** Listeners for some events of a connection; all others are ignored, those too that are added later. */
export function listenTo(listeners: Partial<ConnectionEvents>): ConnectionEvents {
	return new Proxy(listeners as ConnectionEvents, {
		get: (events, name) => Reflect.get(events, name) ?? (() => undefined),
	});
}
