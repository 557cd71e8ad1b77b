/** Bytes of a stanza besides its text: addresses, ids, and a key for each of many devices. */
const FRAME = 4096 + 16 * 512;

/**
 * Whether a text fits into a stanza of so many bytes, by about how many it takes on the wire: rather more than less. The
 * outbox counts them exactly.
 */
export function fitsRoughly(text: string, isEncrypted: boolean, limit: number): boolean {
	// Where little is let through, few devices are no reason to refuse a short text.
	const frame = Math.min(FRAME, limit / 4);
	const bytes = new TextEncoder().encode(text).length;
	if (isEncrypted) return frame + Math.ceil(bytes / 3) * 4 <= limit;
	const escaped = text.match(/[<>&"']/g)?.length ?? 0;
	return frame + bytes + escaped * 5 <= limit;
}
