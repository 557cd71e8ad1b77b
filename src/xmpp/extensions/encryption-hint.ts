// Explicit Message Encryption, XEP-0380 version 0.4.0

import { OMEMO_NAMESPACE } from '../../core/omemo-element.ts';
import type { Extension } from './extension.ts';

export const ENCRYPTION_HINT: Extension = {
	number: '0380',
	version: '0.4.0',
	name: 'Explicit Message Encryption',
	features: ['urn:xmpp:eme:0'],
	// Where there is nothing to read, it makes Dino show a line.
	write: ({ encrypted }) =>
		encrypted?.payload === undefined
			? {}
			: { encryptionMethod: { id: OMEMO_NAMESPACE, name: 'OMEMO' } },
};
