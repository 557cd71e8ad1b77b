// Software Version, XEP-0092 version 1.1

import type { Extension } from './extension.ts';

/** As in package.json, which a test compares. */
export const APP_VERSION = '0.1.0';

export const SOFTWARE_VERSION: Extension = {
	number: '0092',
	version: '1.1',
	name: 'Software Version',
	note: 'answered to contacts only, without the operating system',
	features: ['jabber:iq:version'],
	listen({ agent, isKnown }) {
		agent.on('iq:get:softwareVersion', (iq) => {
			if (!isKnown(iq.from)) {
				const error = { type: 'cancel' as const, condition: 'service-unavailable' as const };
				agent.sendIQError(iq, { error });
				return;
			}
			agent.sendIQResult(iq, { softwareVersion: { name: 'Balcony', version: APP_VERSION } });
		});
	},
};
