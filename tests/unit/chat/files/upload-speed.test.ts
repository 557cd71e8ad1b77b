import { expect, it } from 'vitest';
import { createUploadSpeed } from '../../../../src/chat/files/upload-speed.ts';

it('the speed of an upload begins anew when the clock is set back, and is never below nothing', () => {
	let time = 100_000;
	const speedOf = createUploadSpeed(() => time);
	expect(speedOf(0)).toBeUndefined();
	time += 2000;
	expect(speedOf(2000)).toBe(1000);
	time -= 50_000;
	expect(speedOf(3000)).toBeUndefined();
	time += 2000;
	expect(speedOf(5000)).toBe(1000);
});
