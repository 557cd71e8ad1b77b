import { createClient, JXT } from 'stanza';
import { type Messenger, makeMessenger } from '../../src/chat/account/messenger.ts';
import { makeStores } from '../../src/chat/messages/stores.ts';
import { openVault } from '../../src/vault/vault.ts';

const vault = openVault();

async function until(look: () => boolean | Promise<boolean>): Promise<void> {
	while (!(await look())) await new Promise((resolve) => setTimeout(resolve, 2));
}

async function signIn(account: string, password: string, url: string): Promise<Messenger> {
	const told = { online: () => undefined, refused: () => undefined };
	return makeMessenger(await vault, { account, password, url }, told);
}

/** Makes the account's device and leaves. */
async function enrol(account: string, password: string, url: string): Promise<void> {
	const messenger = await signIn(account, password, url);
	await until(async () => {
		const devices = await messenger.devices.of(account).catch(() => []);
		return devices.some(({ isThis, active }) => isThis && active);
	});
	// The archive has been looked at, too: what comes from now on is what is caught up with.
	const stores = makeStores((await vault).chat, account);
	await until(async () => (await stores.archive.position()) !== undefined);
	await messenger.close();
}

/** Milliseconds from signing in to the last message in the open conversation. */
async function catchUp(
	account: string,
	password: string,
	url: string,
	peer: string,
	last: string,
): Promise<number> {
	const start = performance.now();
	const messenger = await signIn(account, password, url);
	await messenger.chats.open(peer);
	await until(() => messenger.chats.timeline()?.state.messages.at(-1)?.text === last);
	const time = performance.now() - start;
	await messenger.close();
	return time;
}

/** Milliseconds to parse the same archive's stanzas, from text to what stanza makes of them. */
async function parse(account: string, password: string, url: string): Promise<number> {
	const agent = createClient({
		jid: account,
		password,
		transports: { websocket: url, bosh: false },
		autoReconnect: false,
	});
	const texts: string[] = [];
	await new Promise<void>((resolve) => {
		agent.on('session:started', () => resolve());
		agent.connect();
	});
	agent.on('raw:incoming', (text) => texts.push(text));
	for (let after: string | undefined; ; ) {
		const paging = { max: 50, ...(after === undefined ? {} : { after }) };
		const { complete, paging: found } = await agent.searchHistory({ paging });
		after = found?.last;
		if (complete === true || after === undefined) break;
	}
	agent.disconnect();
	const start = performance.now();
	let messages = 0;
	for (const text of texts) {
		const read = agent.stanzas.import(JXT.parse(text), { acceptLanguages: ['en'], lang: 'en' });
		if (read !== undefined && 'archive' in read) messages += 1;
	}
	if (messages < 1000) throw new Error(`only ${messages} stanzas`);
	return performance.now() - start;
}

Object.assign(globalThis, { catchingUp: { enrol, catchUp, parse } });
