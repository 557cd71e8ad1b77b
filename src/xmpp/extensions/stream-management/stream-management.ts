// Stream Management, XEP-0198 version 1.6.3

import type { Extension } from '../extension.ts';

export const STREAM_MANAGEMENT: Extension = {
	number: '0198',
	version: '1.6.3',
	name: 'Stream Management',
};
