import type { Line } from '../line.ts';
import { ARCHIVE } from './archive.ts';
import { AVATARS } from './avatars.ts';
import { BLOCKING } from './blocking.ts';
import { CAPABILITIES } from './capabilities.ts';
import { CARBONS } from './carbons.ts';
import { CHAT_STATES } from './chat-states.ts';
import { CLIENT_STATES } from './client-state.ts';
import { CORRECTIONS } from './corrections.ts';
import { DELAYS } from './delays.ts';
import { ENCRYPTION_HINT } from './encryption-hint.ts';
import type { Extension } from './extension.ts';
import { FALLBACKS } from './fallbacks.ts';
import { FORWARDING } from './forwarding.ts';
import { HINTS } from './hints.ts';
import { HOST_META } from './host-meta.ts';
import { MARKERS } from './markers.ts';
import { ME_COMMAND } from './me-command.ts';
import { MEDIA_SHARING } from './media-sharing.ts';
import { NICKNAMES } from './nicknames.ts';
import { OMEMO } from './omemo.ts';
import { PEP } from './pep.ts';
import { PING } from './ping.ts';
import { REACTIONS } from './reactions.ts';
import { RECEIPTS } from './receipts.ts';
import { REGISTRATION } from './registration/registration.ts';
import { REPLIES } from './replies.ts';
import { RETRACTIONS } from './retractions.ts';
import { SERVICE_DISCOVERY } from './service-discovery.ts';
import { SOFTWARE_VERSION } from './software-version.ts';
import { STANZA_IDS } from './stanza-ids.ts';
import { LIMITS } from './stream-limits.ts';
import { STREAM_MANAGEMENT } from './stream-management/stream-management.ts';
import { UPLOAD } from './upload.ts';
import { VCARD } from './vcard.ts';
import { VCARD_AVATARS } from './vcard-avatars.ts';

/** All extensions, by number. */
const ALL = [
	SERVICE_DISCOVERY,
	VCARD,
	REGISTRATION,
	AVATARS,
	CHAT_STATES,
	SOFTWARE_VERSION,
	CAPABILITIES,
	VCARD_AVATARS,
	HOST_META,
	PEP,
	NICKNAMES,
	RECEIPTS,
	BLOCKING,
	STREAM_MANAGEMENT,
	PING,
	DELAYS,
	ME_COMMAND,
	CARBONS,
	FORWARDING,
	CORRECTIONS,
	ARCHIVE,
	MARKERS,
	HINTS,
	CLIENT_STATES,
	STANZA_IDS,
	UPLOAD,
	ENCRYPTION_HINT,
	OMEMO,
	RETRACTIONS,
	FALLBACKS,
	REACTIONS,
	MEDIA_SHARING,
	REPLIES,
	LIMITS,
] as const;

export const EXTENSIONS: readonly Extension[] = ALL;

/**
 * The features that others may know of (XEP-0115), and the nodes to be pushed to us. There are no others: stanza would
 * promise calls, groups and more in our name.
 */
export const FEATURES: readonly string[] = EXTENSIONS.flatMap(({ features = [], node }) => [
	...features,
	...(node === undefined ? [] : [`${node.name}+notify`]),
]);

export const NODES = EXTENSIONS.flatMap(({ node }) => node ?? []);

export const DEFINITIONS = EXTENSIONS.flatMap(({ definitions = [] }) => definitions);

type RequestsOf<E> = E extends { requests: (line: Line) => infer R } ? R : unknown;
type AllRequests<L extends readonly unknown[]> = L extends readonly [infer First, ...infer Rest]
	? RequestsOf<First> & AllRequests<Rest>
	: unknown;

/** Requests to servers, an area for each extension that has some. */
export type Requests = AllRequests<typeof ALL>;

export function makeRequests(line: Line): Requests {
	return Object.assign({}, ...EXTENSIONS.map(({ requests }) => requests?.(line))) as Requests;
}
