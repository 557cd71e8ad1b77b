import { createClient, JXT } from 'stanza';
import { type Messenger, makeMessenger } from '../../src/chat/account/messenger.ts';
import { makeStores } from '../../src/chat/messages/stores.ts';
import { createOmemoRows } from '../../src/omemo/omemo-rows.ts';
import { localIdentity, type OwnDevice, preKeysFor } from '../../src/omemo/own-device.ts';
import { openPayload } from '../../src/omemo/payload.ts';
import { decryptMessage, decryptPreKeyMessage } from '../../src/omemo/ratchet/session.ts';
import type { Session } from '../../src/omemo/ratchet/session-state.ts';
import { openVault } from '../../src/vault/vault.ts';
import { readOmemoElement } from '../../src/xmpp/extensions/omemo.ts';

const vault = openVault();
/** The account's device as it was before anything came. */
let enrolled: OwnDevice | undefined;

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
	enrolled = await createOmemoRows((await vault).chat, account).ownDevice();
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

/**
 * What no client can do without, in milliseconds: to fetch the same archive page by page, to parse its stanzas, from text to
 * what stanza makes of them, and to parse and decrypt them (`floor`), one after the other, with nothing kept or shown.
 */
async function floor(
	account: string,
	password: string,
	url: string,
	last: string,
): Promise<{ fetching: number; parsing: number; floor: number }> {
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
	const asked = performance.now();
	for (let after: string | undefined; ; ) {
		const paging = { max: 250, ...(after === undefined ? {} : { after }) };
		const { complete, paging: found } = await agent.searchHistory({ paging });
		after = found?.last;
		if (complete === true || after === undefined) break;
	}
	const fetching = performance.now() - asked;
	agent.disconnect();
	const parse = (text: string) =>
		agent.stanzas.import(JXT.parse(text), { acceptLanguages: ['en'], lang: 'en' });
	const start = performance.now();
	let messages = 0;
	for (const text of texts) {
		const read = parse(text);
		if (read !== undefined && 'archive' in read) messages += 1;
	}
	if (messages < 1000) throw new Error(`only ${messages} stanzas`);
	const parsing = performance.now() - start;

	const again = performance.now();
	let session: Session | undefined;
	let said = '';
	for (const text of texts) {
		const read = parse(text) as { archive?: { item?: { message?: { omemo?: unknown } } } };
		const omemo = read?.archive?.item?.message?.omemo;
		if (omemo === undefined) continue;
		({ session, said } = await decrypt(omemo, session));
	}
	if (said !== last) throw new Error('not all was decrypted');
	return { fetching, parsing, floor: performance.now() - again };
}

async function decrypt(omemo: unknown, before: Session | undefined) {
	const own = enrolled;
	const element = readOmemoElement(omemo);
	const key = element?.keys.find(({ rid }) => rid === own?.id);
	if (own === undefined || element?.payload === undefined || key === undefined)
		throw new Error('not for this device');
	const preKeys = {
		find: async (named: Parameters<typeof preKeysFor>[1]) => preKeysFor(own, named, Date.now()),
		hasBegun: async () => false,
	};
	const opened =
		key.isPreKey || before === undefined
			? await decryptPreKeyMessage(localIdentity(own), preKeys, key.bytes, before)
			: await decryptMessage(before, key.bytes);
	const said = await openPayload(opened.plaintext, element.iv, element.payload);
	return { session: opened.session, said };
}

Object.assign(globalThis, { catchingUp: { enrol, catchUp, floor } });
