import { loadOnce } from '../../core/async/load-once.ts';
import { RatchetError } from './ratchet-error.ts';

const load = loadOnce(() => import('./curves.ts'));

/**
 * What only the beginning of a session, a new signed prekey and browsers without X25519 need. Throws RatchetError `not-loaded`,
 * which says nothing of any key.
 */
export async function loadCurves(): Promise<typeof import('./curves.ts')> {
	try {
		return await load();
	} catch (cause) {
		throw new RatchetError('not-loaded', { cause });
	}
}
