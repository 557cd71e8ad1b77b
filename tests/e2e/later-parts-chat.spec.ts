import { startStaticServer } from '../../tools/static-server.ts';
import { waitFor } from './browser/browser.ts';
import { expect, registered, signedIn, test } from './chat-fixtures.ts';

/** A browser without workers, so that nothing is kept for offline use, and whose user saves data, so that nothing is loaded ahead. */
const NOTHING_AHEAD = `if (globalThis.Navigator) {
	delete Navigator.prototype.serviceWorker;
	Object.defineProperty(navigator, 'connection', { configurable: true, value: { saveData: true } });
}`;

test('what cannot be loaded beside the field is closed, and one writes on', async ({
	session,
	server,
}) => {
	const app = await startStaticServer({ root: 'dist-local', loopback: true });
	app.prelude(NOTHING_AHEAD);
	const alice = await signedIn(session, app.origin, server, 'alice');
	const bob = await registered(server, 'bob');
	await alice.addContact(`${bob}@localhost`);
	await app.pause();
	await alice.press('record-voice');
	await alice.see('not-loaded');
	await alice.press('close-part');
	const isWritable = () =>
		document.querySelector('[data-testid=composer]')?.closest('[hidden]') === null;
	await waitFor(alice.tab, isWritable, []);
	await alice.send('by hand');
	await alice.message('by hand');

	const add = () => {
		const data = new DataTransfer();
		data.items.add(new File(['text'], 'a.txt', { type: 'text/plain' }));
		const options = { dataTransfer: data, bubbles: true, cancelable: true };
		document.body.dispatchEvent(new DragEvent('drop', options));
	};
	await alice.tab.evaluate(add);
	await alice.see('not-loaded');
	await alice.press('close-part');
	await waitFor(alice.tab, () => document.querySelector('[data-testid=not-loaded]') === null, []);
	const focused = () => (document.activeElement as HTMLElement).dataset['testid'];
	expect(await alice.tab.evaluate(focused)).toBe('composer');
	await alice.send('and so it goes on');
	await alice.message('and so it goes on');
	await app.close();
});
