// Stream Limits Advertisement, XEP-0478 version 0.2.0

import { STREAM_LIMITS } from '../stream-limits.ts';
import type { Extension } from './extension.ts';

export const LIMITS: Extension = {
	number: '0478',
	version: '0.2.0',
	name: 'Stream Limits Advertisement',
	definitions: [STREAM_LIMITS],
};
