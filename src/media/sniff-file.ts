import { type Bytes, concatBytes } from '../core/bytes.ts';
import { SNIFF_LENGTH, sniffMediaType } from '../core/formats/media-type.ts';
import { TABLE_REACH, tablePlace } from '../core/formats/tables/table-place.ts';

/** What a file is by its first bytes, as if there were no table of tags in front of its index, if it has one. */
export function sniffFile(plain: Bytes, hasTable: boolean): ReturnType<typeof sniffMediaType> {
	const place = hasTable ? tablePlace(plain.subarray(0, TABLE_REACH)) : undefined;
	if (place === undefined) return sniffMediaType(plain.subarray(0, SNIFF_LENGTH));
	const rest = plain.subarray(place.offset + place.length);
	const bytes = concatBytes(plain.subarray(0, place.offset), rest.subarray(0, SNIFF_LENGTH));
	return sniffMediaType(bytes.subarray(0, SNIFF_LENGTH));
}
