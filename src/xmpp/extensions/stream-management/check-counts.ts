// Stream Management, XEP-0198 version 1.6.3 sections 3 to 5

import type { Agent } from 'stanza';
import { COUNTS, type SmStanza, streamManagementOf } from './stanza-sm.ts';

/**
 * Believes a server's counts only where they can be true: stanza 12.22 takes one that is too small for one that has gone
 * round, and all that was ever sent for received. An impossible count is ignored, and `lied` is called.
 */
export function checkCounts(
	agent: Agent,
	/** whether a stanza was written to the line of this session */
	isWritten: (stanza: object) => boolean,
	lied: () => void,
): void {
	const sm = streamManagementOf(agent);
	/** what the server has to answer */
	let asked: 'enable' | 'resume' | undefined;
	const [enable, resume, process] = [sm.enable.bind(sm), sm.resume.bind(sm), sm.process.bind(sm)];
	sm.enable = () => {
		asked = 'enable';
		// The counts of a new session begin at zero; one without a name may have left some.
		sm.unacked = [];
		sm.lastAck = 0;
		sm.allowResume = true;
		return enable();
	};
	sm.resume = () => {
		asked = 'resume';
		return resume();
	};
	agent.on('disconnected', () => {
		asked = undefined;
	});

	/** A count is of what was written, and never less than the one before. */
	function canBe(count: unknown): boolean {
		if (!Number.isInteger(count) || Number(count) < 0 || Number(count) >= COUNTS) return false;
		const more = (((Number(count) - sm.lastAck) % COUNTS) + COUNTS) % COUNTS;
		return more <= sm.unacked.length && sm.unacked.slice(0, more).every(([, it]) => isWritten(it));
	}

	/** An answer that is ignored: not asked for, or impossible. Takes false fields out of the others. */
	function isIgnored(answer: SmStanza): boolean {
		switch (answer.type) {
			case 'enabled':
				if (asked !== 'enable') return true;
				// Without a name there is nothing to come back to.
				if (typeof answer.id !== 'string' || answer.id === '')
					Object.assign(answer, { id: '', resume: false });
				break;
			case 'resumed':
				if (asked !== 'resume') return true;
				if (answer.previousSession !== sm.id || !canBe(answer.handled)) {
					lied();
					return true;
				}
				break;
			case 'failed':
				if (asked === undefined) return true;
				if (!canBe(answer.handled)) delete answer.handled;
				break;
			default:
				return false;
		}
		asked = undefined;
		return false;
	}

	const hear = (stanza: unknown, kind: string) => {
		if (kind === 'sm' && isIgnored(stanza as SmStanza))
			Object.assign(stanza as object, { type: 'idle' });
	};
	agent.prependListener('stream:data', hear as never);
	sm.process = async (count, resend) => {
		if (count.handled === undefined || canBe(count.handled)) return process(count, resend);
		lied();
	};
}
