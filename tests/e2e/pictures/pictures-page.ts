import { prepareFile } from '../../../src/chat/files/prepare-file.ts';

/** What a browser shows of a picture: pixels, and how much of its first one is seen, 0 to 255; undefined for nothing. */
export interface Shown {
	readonly size: readonly [width: number, height: number];
	readonly alpha: number;
}

/** What becomes of a picture that is sent. */
export interface Sent {
	/** why it is not */
	readonly problem?: string;
	readonly name?: string;
	readonly type?: string;
	readonly base64?: string;
	readonly hasThumbnail?: boolean;
	readonly before?: Shown | undefined;
	readonly after?: Shown | undefined;
}

async function shown(blob: Blob): Promise<Shown | undefined> {
	const image = new Image();
	image.src = URL.createObjectURL(blob);
	try {
		await new Promise((resolve, reject) => {
			image.onload = resolve;
			image.onerror = reject;
		});
	} catch {
		return undefined;
	} finally {
		URL.revokeObjectURL(image.src);
	}
	const canvas = document.createElement('canvas');
	[canvas.width, canvas.height] = [1, 1];
	const context = canvas.getContext('2d');
	context?.drawImage(image, 0, 0);
	const alpha = context?.getImageData(0, 0, 1, 1).data[3] ?? 0;
	return { size: [image.naturalWidth, image.naturalHeight], alpha };
}

async function send(
	base64: string,
	name: string,
	quality: 'original' | 'good' | 'small',
): Promise<Sent> {
	const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
	const file = new File([bytes], name);
	try {
		const { blob, name: sentName, thumbnail } = await prepareFile(file, { quality });
		const sent = new Uint8Array(await blob.arrayBuffer());
		let text = '';
		for (let at = 0; at < sent.length; at += 8192)
			text += String.fromCharCode(...sent.subarray(at, at + 8192));
		return {
			name: sentName,
			type: blob.type,
			base64: btoa(text),
			hasThumbnail: thumbnail !== undefined,
			before: await shown(file),
			after: await shown(blob),
		};
	} catch (thrown) {
		return { problem: (thrown as { code?: string }).code ?? String(thrown) };
	}
}

Object.assign(globalThis, { send });
