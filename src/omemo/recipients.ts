import { OmemoError } from './omemo-error.ts';
import type { Preparation } from './prepare.ts';
import type { DeviceName, Reach } from './reach.ts';

/**
 * Whom a message to `jid` is encrypted to, and which devices it leaves out. Throws OmemoError `no-devices` or
 * `no-trusted-devices`; `unavailable` if another try may help.
 */
export async function recipientsOf(
	reach: (jid: string) => Promise<Reach>,
	account: string,
	jid: string,
	{ passing }: Preparation,
): Promise<{ targets: Reach['reached']; leftOut: readonly DeviceName[] }> {
	const theirs = await reach(jid);
	// A note to self is for nobody else while this device is the only one.
	const isNote = jid === account && !theirs.hasDevices;
	if (theirs.reached.length === 0 && !isNote) {
		if (passing !== undefined && theirs.keyless.length + theirs.doubtful.length > 0)
			throw new OmemoError('unavailable', passing);
		throw new OmemoError(theirs.hasKeys ? 'no-trusted-devices' : 'no-devices');
	}
	const own = jid === account ? undefined : await reach(account);
	return {
		targets: [...theirs.reached, ...(own?.reached ?? [])],
		leftOut: [...leftOutOf(jid, theirs), ...(own ? leftOutOf(account, own) : [])],
	};
}

function leftOutOf(jid: string, { keyless, unverified }: Reach): DeviceName[] {
	return [...keyless, ...unverified].map(({ id }) => ({ jid, id }));
}
