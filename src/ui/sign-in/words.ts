import type { SignInProblem } from '../../chat/account/sign-in-problem.ts';
import { WORDS as COMMON } from '../parts/words.ts';

export const WORDS = {
	title: COMMON.appName,
	lead: 'Private chat, end-to-end encrypted. Photos, voice messages and videos open instantly.',
	dropped: 'Sign in first, then drop your files again to choose who gets them.',
	erased: 'Everything was erased. You can sign in now.',
	serverMoved: 'The server has moved',
	address: 'Address',
	addressExample: COMMON.addressExample,
	password: COMMON.password,
	server: 'Server',
	websocket: 'WebSocket address',
	websocketFound: 'Found automatically',
	busy: 'One moment…',
	createAccount: 'Create account',
	signIn: 'Sign in',
	looking: 'Looking for your server',
	newHint:
		'Choose a server and a name on it: name@server.org. Some servers only create accounts on their website.',
	accountHint: 'You need an account on an XMPP server that supports web apps.',
	servers: 'List of servers',
	haveAccount: 'I have an account',
	createAnAccount: 'Create an account',
	openLink: 'Open a link without an account',
};

/** Why signing in did not work, and what to do. */
export const SIGN_IN_PROBLEMS: Record<SignInProblem, string> = {
	'address-invalid': COMMON.addressShape,
	'no-endpoint':
		"Balcony can't find this server's WebSocket address. Enter it below; your server's operator knows it.",
	'endpoint-insecure': 'The WebSocket address must begin with wss://.',
	'other-server':
		'Accounts on this domain used another server on this device. Leave the WebSocket address empty, or enter the one you used before.',
	'auth-failed': 'Wrong address or password.',
	'no-scram':
		"This server asks for your password in readable form, which Balcony never sends. Ask the server's operator to turn on SCRAM.",
	'registration-closed':
		"You can't create an account on this server from an app. Try its website, or choose another server.",
	'address-taken': 'This address is taken. Choose another name.',
	refused: 'The server refused. It may not allow this name or password.',
	timeout: "The server didn't answer in time. Try again.",
	'storage-full': COMMON.noRoom,
	'not-forgotten':
		"Your password couldn't be deleted here, so Balcony signs in again when it reloads. Free some space on this device, reload, and sign out again.",
	offline: "Can't reach the server. Check your connection.",
};

export const ERASE_WORDS = {
	title: COMMON.askErase,
	yes: COMMON.erase,
	no: COMMON.cancel,
	text: "Your domain doesn't say that it has moved. To sign in at the new server, everything on this device has to be erased first: messages, files and keys of every account that was used here. Encrypted messages can't be downloaded again.",
};
