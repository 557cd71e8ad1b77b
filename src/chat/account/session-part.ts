import { XmppError } from '../../xmpp/xmpp-error.ts';
import type { ReceiptQueue } from '../messages/receipt-queue.ts';
import type { MissingFeature } from '../model/messenger-state.ts';
import type { AccountContext } from './account-context.ts';
import type { ArrivalsPart } from './arrivals-part.ts';
import type { DevicesPart } from './devices-part.ts';
import type { FilesPart } from './files-part.ts';
import type { MessagesPart } from './messages-part.ts';
import type { PeoplePart } from './people-part.ts';
import { createSessionStart, type SessionStart } from './session-start.ts';

/** What the parts of a messenger do as a session with the server begins. */
export function makeSessionPart(
	{ setState, report }: AccountContext,
	{
		people,
		devices,
		files,
		messages,
		arrivals,
		receipts,
	}: {
		people: PeoplePart;
		devices: DevicesPart;
		files: FilesPart;
		messages: MessagesPart;
		arrivals: ArrivalsPart;
		receipts: ReceiptQueue;
	},
): SessionStart {
	function setMissing(feature: MissingFeature, isMissing: boolean): void {
		setState('missing', (before) => [
			...before.filter((other) => other !== feature),
			...(isMissing ? [feature] : []),
		]);
	}

	return createSessionStart({
		steps: {
			...people.steps,
			async pep() {
				await devices.omemo.start();
				return true;
			},
			upload: files.findUpload,
			async archive(isCurrent) {
				const read = await arrivals.readArchive(isCurrent);
				setMissing('archive-stuck', read !== 'whole');
				// What comes live must not move the position past the rest, which is asked for in a while.
				if (read === 'unfinished') throw new XmppError('timeout');
				return true;
			},
		},
		listeners: {
			begins() {
				arrivals.inbox.hold();
				messages.outbox.begin();
			},
			mayAct(isNew) {
				void messages.outbox.flush(isNew).catch(report);
				files.flush();
			},
			live(isNew) {
				setState('catchingUp', false);
				arrivals.inbox.open();
				receipts.flush(isNew);
				people.live(isNew);
			},
			missing(step, isMissing, isSilent) {
				// Where files went before they may go now.
				if (step !== 'upload' || !isSilent) setMissing(step, isMissing);
			},
			storage: arrivals.storage,
			report,
		},
	});
}
