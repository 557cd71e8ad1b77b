import { expect, it } from 'vitest';
import { handedOverText } from '../../../../src/ui/share/share-text.ts';

it('names what was handed over, and says when some of it is not here', () => {
	expect(handedOverText([], 0)).toBeUndefined();
	expect(handedOverText(['a.jpg'], 0)).toBe('a.jpg');
	expect(handedOverText(['a.jpg', 'b.jpg'], 0)).toBe('2 files');
	expect(handedOverText(['a.jpg'], 2)).toMatch(/^1 of 3 files\. /);
	expect(handedOverText([], 1)).toMatch(/^The file couldn't be received: /);
	expect(handedOverText([], 2)).toMatch(/^The files couldn't be received: /);
});
