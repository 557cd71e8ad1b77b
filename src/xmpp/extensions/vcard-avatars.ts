// vCard-Based Avatars, XEP-0153 version 1.1.1

import { isAvatarId } from '../../core/formats/pictures/avatar.ts';
import { bareOf } from '../../core/links/address.ts';
import type { Extension } from './extension.ts';

export const VCARD_AVATARS: Extension = {
	number: '0153',
	version: '1.1.1',
	name: 'vCard-Based Avatars',
	listen({ agent, events }) {
		agent.on('presence', ({ from, type, vcardAvatar }) => {
			const jid = from === undefined ? undefined : bareOf(from);
			if (jid !== undefined && type !== 'error' && isAvatarId(vcardAvatar))
				events.avatar(jid, vcardAvatar, true);
		});
	},
};
