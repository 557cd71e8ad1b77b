const LOCAL_NAME =
	/(?:^|\.)(?:localhost[46]?|localdomain[46]?|local|internal|private|lan|home|corp|intranet|home\.arpa)$/;

/**
 * Whether a host, as the URL parser prints it, may be fetched from: no loopback, private, link-local or
 * otherwise special address (RFC 6890) and no name that only means something on this machine or network.
 */
export function isPublicHost(hostname: string): boolean {
	let host = hostname.toLowerCase();
	while (host.endsWith('.')) host = host.slice(0, -1);
	if (host.startsWith('[')) return isPublicIpv6(host.slice(1, -1));
	const address = parseIpv4(host);
	if (address !== undefined) return isPublicIpv4(address);
	return host.includes('.') && !LOCAL_NAME.test(host);
}

/** The names under which this machine serves itself; the loopback build alone may fetch from them. */
export function isLoopbackHost(hostname: string): boolean {
	return hostname === 'localhost' || hostname === '127.0.0.1';
}

type Quad = readonly [number, number, number, number];

function parseIpv4(host: string): Quad | undefined {
	const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(host);
	if (match === null) return undefined;
	return [Number(match[1]), Number(match[2]), Number(match[3]), Number(match[4])];
}

function isPublicIpv4([a, b, c]: Quad): boolean {
	if (a === 0 || a === 10 || a === 127 || a >= 224) return false;
	if (a === 100 && b >= 64 && b < 128) return false;
	if (a === 169 && b === 254) return false;
	if (a === 172 && b >= 16 && b < 32) return false;
	if (a === 192 && (b === 168 || (b === 0 && (c === 0 || c === 2)))) return false;
	if (a === 198 && (b === 18 || b === 19 || (b === 51 && c === 100))) return false;
	return !(a === 203 && b === 0 && c === 113);
}

function isPublicIpv6(text: string): boolean {
	const groups = expandIpv6(text);
	if (groups === undefined) return false;
	const [first = 0, second = 0] = groups;
	const embedded = (): Quad => {
		const [high = 0, low = 0] = groups.slice(6);
		return [high >> 8, high & 255, low >> 8, low & 255];
	};
	// Addresses of IPv4 hosts in another dress: mapped, compatible and NAT64 (RFC 4291, RFC 6052).
	if (groups.slice(0, 5).every((group) => group === 0))
		return groups[5] === 0xffff && isPublicIpv4(embedded());
	// Its local-use sibling 64:ff9b:1::/48 (RFC 8215) may hold a private address in other places.
	if (first === 0x64 && second === 0xff9b && groups.slice(2, 6).every((group) => group === 0))
		return isPublicIpv4(embedded());
	// Only global unicast is public: 2000::/3, less what has a special purpose there: protocol assignments such as
	// Teredo, 6to4 (both embed IPv4) and documentation (RFC 6890, RFC 3849, RFC 9637).
	if (first === 0x2001 && (second < 0x200 || second === 0xdb8)) return false;
	if (first === 0x2002 || (first === 0x3fff && second < 0x1000)) return false;
	return first >= 0x2000 && first < 0x4000;
}

function expandIpv6(text: string): number[] | undefined {
	const halves = text.split('::');
	if (halves.length > 2) return undefined;
	const [left = [], right = []] = halves.map((half) =>
		half === '' ? [] : half.split(':').map((group) => Number.parseInt(group, 16)),
	);
	const missing = 8 - left.length - right.length;
	if (missing < 0 || (halves.length === 1 && missing !== 0)) return undefined;
	const groups = [...left, ...new Array<number>(missing).fill(0), ...right];
	return groups.every((group) => group >= 0 && group <= 0xffff) ? groups : undefined;
}
