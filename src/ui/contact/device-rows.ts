import type { DeviceInfo } from '../../chat/account/messenger.ts';

/** A row of the list of somebody's devices. */
export interface DeviceRow extends DeviceInfo {
	/** stays the same for as long as it is the same device with the same key; one whose key becomes known stays the same, too */
	readonly key: string;
	/** another key is in use under its id */
	readonly isOtherKey: boolean;
}

/** The rows that devices make: this device, then those in use, then the others. `before` are the rows so far. */
export function deviceRows(
	devices: readonly DeviceInfo[],
	before: readonly DeviceRow[],
): DeviceRow[] {
	const shown = devices.filter(({ active, fingerprint }) => active || fingerprint !== undefined);
	const ids = new Set<number>();
	const keys = new Set<string>();
	const rows = shown.map((device): DeviceRow => {
		const isOtherKey = ids.has(device.id);
		const wanted = keyOf(device, isOtherKey, before);
		const key = keys.has(wanted) ? nameOf(device) : wanted;
		ids.add(device.id);
		keys.add(key);
		return { ...device, key, isOtherKey };
	});
	return rows.sort((a, b) => rank(a) - rank(b));
}

/** How many devices messages are not encrypted to: since they are not verified, and for other reasons. */
export function countLeftOut(devices: readonly DeviceInfo[]): {
	unverified: number;
	failed: number;
} {
	const all = deviceRows(devices, []).filter(isLeftOut);
	const unverified = all.filter(({ isUnverified }) => isUnverified).length;
	return { unverified, failed: all.length - unverified };
}

/** Whether a device is left out of messages, which another key under its id says nothing of. */
export function isLeftOut({ isOtherKey, isUnverified, leftOut }: DeviceRow): boolean {
	return !isOtherKey && (isUnverified === true || leftOut !== undefined);
}

function keyOf(device: DeviceInfo, isOtherKey: boolean, before: readonly DeviceRow[]): string {
	const ofId = before.filter(({ id }) => id === device.id);
	const same = ofId.find(({ fingerprint }) => fingerprint === device.fingerprint);
	const keyless = isOtherKey
		? undefined
		: ofId.find(({ fingerprint }) => fingerprint === undefined);
	return (same ?? keyless)?.key ?? nameOf(device);
}

function nameOf({ id, fingerprint = '' }: DeviceInfo): string {
	return `${id} ${fingerprint}`;
}

function rank({ isThis, active }: DeviceInfo): number {
	return isThis ? 0 : active ? 1 : 2;
}
