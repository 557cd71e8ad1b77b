import { expect, it, vi } from 'vitest';
import type { CleanFile } from '../../../../src/chat/files/prepare-file.ts';
import type { PhotoQuality } from '../../../../src/chat/model/account-settings.ts';
import { makeTray } from '../../../../src/ui/share/tray.ts';
import { until } from '../../../interop/until.ts';

const finish = new Map<PhotoQuality, () => void>();
/** Lets the picture be ready that is made in a quality, once it is begun. */
async function finished(quality: PhotoQuality): Promise<void> {
	await until('begun', () => finish.has(quality));
	finish.get(quality)?.();
	finish.delete(quality);
}
vi.mock('../../../../src/chat/files/prepare-file.ts', () => ({
	prepareFile: (_: File, { quality }: { quality: PhotoQuality }) =>
		new Promise<CleanFile>((resolve) => {
			const name = `${quality}.jpg`;
			finish.set(quality, () => resolve({ blob: new Blob(['a']), name, kind: 'image' }));
		}),
}));

it('a tray is not ready until its pictures are of the size that was chosen last', async () => {
	const tray = makeTray({ quality: () => 'good', limit: () => undefined });
	tray.add([new File(['a'], 'a.jpg')]);
	await finished('good');
	await until('ready', () => tray.isReady());
	tray.setQuality('small');
	expect(tray.isReady()).toBe(false);
	await finished('small');
	await until('ready', () => tray.isReady());
	expect(tray.take().files.map(({ name }) => name)).toEqual(['small.jpg']);
});

it('what was taken and could not be sent goes back, before what was chosen meanwhile', async () => {
	const revoke = vi.spyOn(URL, 'revokeObjectURL');
	const tray = makeTray({ quality: () => 'good', limit: () => undefined });
	const add = async (name: string) => {
		tray.add([new File(['a'], name)]);
		await finished('good');
		await until('ready', () => tray.isReady());
	};
	await add('first.jpg');
	await add('second.jpg');
	const taken = tray.take();
	expect(tray.items).toHaveLength(0);
	await add('third.jpg');
	taken.giveBack();
	expect(tray.items.map(({ name }) => name)).toEqual(['first.jpg', 'second.jpg', 'third.jpg']);
	expect(tray.isReady()).toBe(true);
	expect(revoke).not.toHaveBeenCalled();
	tray.take().done();
	expect(revoke).toHaveBeenCalledTimes(3);
	expect(tray.items).toHaveLength(0);
});

it('a tray in which more files lie than a message takes gets no more', () => {
	const tray = makeTray({ quality: () => 'good', limit: () => undefined });
	const files = (count: number) => Array.from({ length: count }, () => new File(['a'], 'a.jpg'));
	tray.add(files(60));
	expect(tray.items).toHaveLength(50);
	const taken = tray.take();
	tray.add(files(50));
	taken.giveBack();
	tray.add(files(60));
	expect(tray.items).toHaveLength(100);
});
