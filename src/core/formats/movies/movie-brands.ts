// ISO/IEC 14496-12 section 4.3; brands: https://mp4ra.org/registered-types/brands

import type { Bytes } from '../../bytes.ts';
import { refuse } from '../file-refused.ts';
import { type Box, nameAt, putUint } from './movie-box.ts';

/** Movies and sound as any device writes them; a file that begins with another brand is not known well enough to be altered. */
const GENERAL = new Set([
	...['isom', ...Array.from('23456789abc', (n) => `iso${n}`), 'mp41', 'mp42', 'mp71', 'qt  '],
	...['avc1', 'hvc1', 'hev1', 'av01', 'vp09', 'dby1', 'dash', 'dsms', 'msdh', 'msix', 'lmsg'],
	...['M4A ', 'M4B ', 'M4P ', 'M4V ', 'M4VH', 'M4VP', 'f4v ', 'F4V ', 'F4A ', 'F4B ', 'F4P '],
	...['cmfc', 'cmf2', 'cmfs', 'cmff', 'cmfl', 'cvid', 'ccff', 'piff', 'isml', 'mp21'],
	...['3g2a', '3g2b', '3g2c', '3ge6', '3ge7', '3gg6', '3gr6', '3gs6', '3gs7'],
	...Array.from('123456789', (n) => `3gp${n}`),
]);
/** The devices of one maker write them: movies as any other, and the brand tells whose. */
const MAKERS = new Set([
	...['CAEP', 'CDes', 'LCAG', 'MFSM', 'MGSV', 'MSNV', 'NDSC', 'NDSM', 'NDXC', 'ROSS', 'SDV '],
	...['XAVC', 'caqv', 'kddi', 'mmp4', 'mqt ', 'niko', 'pana', 'pnvi'],
]);
/** Pictures, and camera raw: they name movies' brands too, but what tells how they are seen is no track. */
const NEVER = new Set(
	'crx ,mif1,mif2,msf1,miaf,heic,heix,hevc,hevx,avif,avis,jp2 ,jpx '.split(','),
);
const ISOM = 0x69736f6d;

/**
 * Takes the names of makers, and of what is not known, out of an ftyp or styp; sizes do not change. Throws `FileRefused`
 * for what is no movie.
 */
export function scrubBrands(bytes: Bytes, { type, body, end }: Box): void {
	if (body + 8 > end) refuse();
	bytes.fill(0, body + 8 + 4 * Math.floor((end - body - 8) / 4), end);
	for (let at = body; at + 4 <= end; at += at === body ? 8 : 4) {
		const brand = nameAt(bytes, at);
		if (NEVER.has(brand)) refuse();
		if (GENERAL.has(brand)) continue;
		if (at === body && type === 'ftyp' && !MAKERS.has(brand)) refuse();
		putUint(bytes, at, 4, ISOM);
		// The version behind it is the maker's own number.
		if (at === body) putUint(bytes, at + 4, 4, 0);
	}
}
