// The /me Command, XEP-0245 version 1.0

import type { Extension } from './extension.ts';

/** It is of the decrypted text alone, and nothing on the wire: `core/text/me-command.ts` reads it. */
export const ME_COMMAND: Extension = {
	number: '0245',
	version: '1.0',
	name: 'The /me Command',
};
