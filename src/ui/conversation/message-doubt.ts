import type { EarlierText, Message } from '../../chat/model/message.ts';
import type { TrustNow } from './trust-now.ts';
import { DOUBT_WORDS } from './words.ts';

type Source = Pick<Message, 'device' | 'isOwn'>;

/** The warning to show for the device that a text came from; undefined if there is none. */
export function deviceDoubt({ device, isOwn }: Source, trustNow: TrustNow): string | undefined {
	const trust = device && trustNow(device);
	if (trust === 'undecided') return isOwn ? DOUBT_WORDS.ownUnverified : DOUBT_WORDS.unverified;
	if (trust !== 'distrusted') return undefined;
	return isOwn ? DOUBT_WORDS.ownDistrusted : DOUBT_WORDS.distrusted;
}

/** The warning to show for the device of a message, or for the one that edited it; undefined if there is none. */
export function doubtOf(message: Message, trustNow: TrustNow): string | undefined {
	const { isOwn, isEncrypted, device, earlier = [] } = message;
	if (!isEncrypted) return undefined;
	const doubt = deviceDoubt(message, trustNow);
	if (doubt !== undefined || device === undefined || trustNow(device) !== 'blind') return doubt;
	// The text before the edit was certain, and this one is less so.
	if (!earlier.some((one) => isCertain(one, isOwn))) return undefined;
	return isOwn ? DOUBT_WORDS.ownEditedUnverified : DOUBT_WORDS.editedUnverified;
}

/** Without a device it was written here, if it is ours. */
function isCertain({ device, isEncrypted }: EarlierText, isOwn: boolean): boolean {
	return isEncrypted && (device === undefined ? isOwn : device.trust === 'verified');
}
