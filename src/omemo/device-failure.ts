import * as v from 'valibot';
import { isWithin } from '../core/clock.ts';
import type { RowSchema } from '../core/row-schema.ts';
import type { Peer, PeerDevice } from './omemo-rows.ts';

/** Why there is no session with a device. */
export type DeviceFailure =
	/** it has published no keys */
	| 'missing'
	/** its keys are malformed, or not signed by it */
	| 'invalid'
	/** its bundle names another key than the one in use, which is not trusted in its place */
	| 'other-key'
	/** its server does not hand out its keys */
	| 'refused'
	/** its server did not answer, or cannot just now */
	| 'passing';

/** A version to come may know other reasons: nobody is to be forgotten for that. */
export const DEVICE_FAILURE: RowSchema<DeviceFailure> = v.custom<DeviceFailure>(
	(value) => typeof value === 'string',
);

const MINUTE = 60 * 1000;
/** Milliseconds until a device is tried again after it has failed once, twice, and so on. */
const DELAYS = [MINUTE, 5 * MINUTE, 30 * MINUTE, 60 * MINUTE];

/** A device that failed is not asked again yet. */
export function isWaiting({ failedAt, failures = 1 }: PeerDevice, now: number): boolean {
	const delay = DELAYS[Math.min(failures, DELAYS.length) - 1] ?? MINUTE;
	return isWithin(failedAt, delay, now);
}

/** A device whose keys could not be had once more. */
export function withFailure(peer: Peer, id: number, failure: DeviceFailure, now: number): Peer {
	const devices = peer.devices.map((device) =>
		device.id === id
			? { ...device, failure, failedAt: now, failures: (device.failures ?? 0) + 1 }
			: device,
	);
	return { ...peer, devices };
}

/** A device, or all of somebody's, with a clean slate: something new was heard of it. */
export function withoutFailure(peer: Peer, id?: number): Peer {
	const devices = peer.devices.map((device) => {
		if (device.failedAt === undefined || (id !== undefined && device.id !== id)) return device;
		const { failure: _failure, failedAt: _failedAt, failures: _failures, ...rest } = device;
		return rest;
	});
	return { ...peer, devices };
}
