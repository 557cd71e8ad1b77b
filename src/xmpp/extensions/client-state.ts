// Client State Indication, XEP-0352 version 1.0.0

import { CLIENT_STATE } from '../client-state.ts';
import type { Extension } from './extension.ts';

export const CLIENT_STATES: Extension = {
	number: '0352',
	version: '1.0.0',
	name: 'Client State Indication',
	definitions: [CLIENT_STATE],
};
