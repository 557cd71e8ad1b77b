import { createMutex } from '../../core/async/mutex.ts';
import { sniffMediaType } from '../../core/formats/media-type.ts';
import { type AvatarImage, avatarFit, SMALL_AVATAR } from '../../core/formats/pictures/avatar.ts';
import { rasterSize } from '../../core/formats/pictures/raster-size.ts';
import { canRedraw } from './canvas-trust.ts';

/** One at a time: each may take much memory. */
const turn = createMutex();

/**
 * A picture of somebody as it is kept and shown: small and still, decoded once, off the page. Where that cannot be done it is
 * as it came, if it is not too large for that; else undefined.
 */
export async function shrinkAvatar(image: AvatarImage): Promise<AvatarImage | undefined> {
	const fit = avatarFit(image);
	if (fit === 'small') return image;
	if (fit === 'refused') return undefined;
	const small = await turn(() => made(image)).catch(() => undefined);
	return small ?? (fit === 'large' ? image : undefined);
}

async function made({ id, bytes, type }: AvatarImage): Promise<AvatarImage | undefined> {
	if (!(await canRedraw())) return undefined;
	// Only then: what has no canvas has no worker, and may not know how to load one.
	const { scalePicture } = await import('./scale-picture.ts');
	const picture = new Blob([bytes], { type });
	const blob = await scalePicture({ picture, size: { longest: SMALL_AVATAR } });
	if (blob === undefined) return undefined;
	const small = new Uint8Array(await blob.arrayBuffer());
	const { type: smallType } = sniffMediaType(small);
	const size = rasterSize(small, smallType);
	return size && { id, bytes: small, type: smallType, ...size };
}
