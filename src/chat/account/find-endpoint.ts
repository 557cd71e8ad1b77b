import { domainOf } from '../../core/links/address.ts';
import { checkEndpoint, discoverWebSocket } from '../../xmpp/endpoint.ts';

/** Where an account's server is: as given, else found. Throws XmppError `no-endpoint` or `endpoint-insecure`. */
export async function findEndpoint(
	account: string,
	given: string,
	loopback: boolean,
): Promise<string> {
	const domain = domainOf(account);
	if (given !== '') return checkEndpoint(given, loopback);
	// What `npm start` runs beside the app, on whatever port.
	const isBeside = loopback && domain === 'localhost';
	return checkEndpoint(
		await discoverWebSocket(isBeside ? location.origin : `https://${domain}`),
		loopback,
	);
}
