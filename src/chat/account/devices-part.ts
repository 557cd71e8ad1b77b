import { createOmemo, type Omemo } from '../../omemo/omemo.ts';
import { createOmemoRows } from '../../omemo/omemo-rows.ts';
import type { Connection, ConnectionEvents } from '../../xmpp/connection.ts';
import type { ReceiptQueue } from '../messages/receipt-queue.ts';
import { failureKind } from '../people/failure-kind.ts';
import type { AccountContext } from './account-context.ts';
import type { DevicesArea } from './messenger-areas.ts';

/** Milliseconds in which the answers to one device become one. */
const ANSWER_DELAY = 300;

/** Devices and the sessions with them. */
export interface DevicesPart {
	readonly area: DevicesArea;
	readonly omemo: Omemo;
	readonly events: Pick<ConnectionEvents, 'deviceList'>;
	/** A device began a session with us and waits for an answer; several messages that begin it get one. */
	answer(jid: string, device: number): void;
	/** Begins a session with a device from which nothing can be decrypted any more. */
	heal(jid: string, device: number): void;
	close(): void;
}

export function makeDevicesPart(
	{ account, rows, stores, setState, report }: AccountContext,
	{
		connection,
		receipts,
		mayLearnPresence,
	}: {
		connection: Pick<Connection, 'devices'>;
		receipts: Pick<ReceiptQueue, 'add'>;
		/** Nobody else is sent anything automatically. */
		mayLearnPresence(jid: string): boolean;
	},
): DevicesPart {
	const { whenWritten } = stores.buffer;
	const omemo = createOmemo({
		account,
		rows: createOmemoRows(rows, account),
		transport: connection.devices,
		failureKind,
		changed: () => whenWritten(() => setState('devicesChanged', (count) => count + 1)),
		whenWritten,
	});
	const answers = new Map<string, { jid: string; device: number }>();
	let answering: ReturnType<typeof setTimeout> | undefined;

	function sendEmpty(what: 'answer' | 'heal', jid: string, device: number): void {
		const sent = omemo[what](jid, device, async (encrypted, writes) => {
			await stores.write(writes);
			receipts.add({ id: crypto.randomUUID(), to: jid, encrypted, store: true });
		});
		sent.catch(report);
	}

	return {
		area: {
			of: omemo.devices,
			async learn(jid) {
				// Their server would learn that somebody is there.
				if (mayLearnPresence(jid)) await omemo.learn(jid).catch(report);
			},
			setTrust: omemo.setTrust,
			verify: omemo.verify,
			forget: omemo.forget,
			dismiss: omemo.dismiss,
		},
		omemo,
		events: { deviceList: (jid, ids) => void omemo.listChanged(jid, ids).catch(report) },
		answer(jid, device) {
			if (!mayLearnPresence(jid)) return;
			answers.set(`${jid}/${device}`, { jid, device });
			answering ??= setTimeout(() => {
				answering = undefined;
				const all = [...answers.values()];
				answers.clear();
				for (const answer of all) sendEmpty('answer', answer.jid, answer.device);
			}, ANSWER_DELAY);
		},
		heal(jid, device) {
			if (mayLearnPresence(jid)) sendEmpty('heal', jid, device);
		},
		close() {
			clearTimeout(answering);
			omemo.close();
		},
	};
}
