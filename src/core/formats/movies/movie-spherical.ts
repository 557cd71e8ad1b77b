// Google, "Spherical Video RFC" (the first version)

import type { Bytes } from '../../bytes.ts';
import { type Box, blankBox } from './movie-box.ts';

/** The id of the box in a trak that holds Google's first version: XML, in which cameras say more. */
const SPHERICAL_V1 = 'ffcc8263f8554a938814587a02521fdd';
const ID_LENGTH = 16;
const MAX_XML = 4096;
const SPACE = 0x20;
const START =
	'<?xml version="1.0"?><rdf:SphericalVideo xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:GSpherical="http://ns.google.com/videos/1.0/spherical/">';
const END = '</rdf:SphericalVideo>';
/** All that players take from it; the cut of a part of the sphere is left out. */
const SAYINGS = [
	'Spherical>true',
	'Stitched>true',
	'ProjectionType>equirectangular',
	'StereoMode>mono',
	'StereoMode>left-right',
	'StereoMode>top-bottom',
];

export function isSphericalV1(bytes: Uint8Array, { type, body, end }: Box): boolean {
	const id = Array.from(bytes.subarray(body, Math.min(end, body + ID_LENGTH)), (byte) =>
		byte.toString(16).padStart(2, '0'),
	);
	return type === 'uuid' && id.join('') === SPHERICAL_V1;
}

/** Writes anew, in place, what is known of the words there; where they are not found, the box goes. */
export function scrubSphericalV1(bytes: Bytes, box: Box): void {
	const from = box.body + ID_LENGTH;
	const was = String.fromCharCode(...bytes.subarray(from, Math.min(box.end, from + MAX_XML)));
	const said = SAYINGS.map(
		(saying) => `<GSpherical:${saying}</GSpherical:${saying.split('>')[0]}>`,
	).filter((element) => was.includes(element));
	const text = [START, ...said, END].join('');
	if (!said.some((element) => element.includes('Spherical>true')) || text.length > box.end - from) {
		blankBox(bytes, box);
		return;
	}
	bytes.fill(SPACE, from, box.end);
	for (let i = 0; i < text.length; i++) bytes[from + i] = text.charCodeAt(i);
}
