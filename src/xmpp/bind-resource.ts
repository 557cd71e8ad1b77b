// Resource Binding, RFC 6120 section 7

import type { Agent } from 'stanza';
import { parseAddress } from '../core/links/address.ts';
import { asXmppError, XmppError } from './xmpp-error.ts';

type Done = (command?: string, message?: string) => void;

/**
 * Binds the resource that the configuration names, in the place of stanza's own. Where it is taken, and the server leaves
 * it to who has it (section 7.7.2.2), another one is asked for, which is this session's alone.
 */
export function bindResource(agent: Agent): void {
	async function bind(resource: string | undefined): Promise<string> {
		const { bind: bound } = await agent.sendIQ({
			type: 'set',
			bind: resource === undefined ? {} : { resource },
		});
		const { jid } = (bound ?? {}) as { jid?: unknown };
		const [bare = ''] = typeof jid === 'string' ? jid.split('/') : [];
		if (parseAddress(bare) === undefined) throw new XmppError('refused');
		return String(jid);
	}

	async function bindFree(): Promise<string> {
		const { resource } = agent.config;
		try {
			return await bind(resource);
		} catch (thrown) {
			if (asXmppError(thrown).condition !== 'conflict') throw thrown;
			return bind(`${resource}.${crypto.randomUUID().slice(0, 8)}`);
		}
	}

	agent.features.handlers['bind'] = async (
		features: { legacySession?: { optional?: boolean } },
		done: Done,
	) => {
		try {
			const jid = await bindFree();
			agent.features.negotiated['bind'] = true;
			agent.emit('session:prebind', jid);
			const { legacySession } = features;
			if (legacySession === undefined || legacySession.optional === true)
				agent.emit('session:started', agent.jid);
			done();
		} catch {
			done('disconnect', 'nothing was bound');
		}
	};
}
