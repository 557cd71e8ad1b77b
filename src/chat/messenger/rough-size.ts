/** Bytes of a stanza besides its text: addresses, ids, and a key for each of many devices. */
const FRAME = 4096 + 16 * 512;

/** About how many bytes a message takes on the wire; rather more than less. */
export function roughSize(text: string, isEncrypted: boolean): number {
	const bytes = new TextEncoder().encode(text).length;
	if (isEncrypted) return FRAME + Math.ceil(bytes / 3) * 4;
	const escaped = text.match(/[<>&"']/g)?.length ?? 0;
	return FRAME + bytes + escaped * 5;
}
