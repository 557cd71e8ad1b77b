import { expect, it } from 'vitest';
import type { MediaItem } from '../../../../src/chat/files/media-item.ts';
import { documentKindOf } from '../../../../src/ui/media-figure/documents/document-kind.ts';

const MIB = 2 ** 20;

function item(label: string | undefined, size: number, state: MediaItem['status']['state']) {
	const status = { id: '', state, counted: 0, verifying: false, sequential: false, size };
	const told = label === undefined ? status : { ...status, label };
	return { status: told } as MediaItem;
}

it.each([
	['PDF document', 10 * MIB, 'verified', 'pdf'],
	['PDF document', 65 * MIB, 'verified', undefined],
	['Text', MIB, 'unverified', 'text'],
	['HTML page', MIB, 'verified', 'text'],
	['Text', 17 * MIB, 'verified', undefined],
	['ZIP archive or document', MIB, 'verified', undefined],
	[undefined, MIB, 'verified', undefined],
	['PDF document', MIB, 'tampered', undefined],
	['PDF document', MIB, 'failed', undefined],
] as const)('%s of %i bytes that is %s is read as %s', (label, size, state, kind) =>
	expect(documentKindOf(item(label, size, state))).toBe(kind),
);
