/** A time zone where it is evening now: the pictures are of one, whenever they are taken. */
export function eveningZone(now: Date = new Date()): string {
	const west = ((now.getUTCHours() + 24 - 20 + 11) % 24) - 11;
	return `Etc/GMT${west < 0 ? '' : '+'}${west}`;
}
