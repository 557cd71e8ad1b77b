// In-Band Registration, XEP-0077 version 2.4

import { domainOf } from '../../../core/links/address.ts';
import type { Line } from '../../line.ts';
import type { Extension } from '../extension.ts';

export interface RegistrationRequests {
	/** Gives our account another password (section 3.3). */
	changePassword(password: string): Promise<void>;
}

function registrationRequests(line: Line): RegistrationRequests {
	return {
		async changePassword(password) {
			const { agent, own, request } = line;
			const username = own.slice(0, own.indexOf('@'));
			const account = { username, password };
			await request(agent.sendIQ({ type: 'set', to: domainOf(own), account }));
		},
	};
}

export const REGISTRATION = {
	number: '0077',
	version: '2.4',
	name: 'In-Band Registration',
	onlyPart: 'new accounts, and another password',
	requests: (line: Line) => ({ registration: registrationRequests(line) }),
} satisfies Extension;
