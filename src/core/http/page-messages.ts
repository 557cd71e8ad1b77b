import * as v from 'valibot';
import { MediaError, type MediaErrorCode, type MediaErrorDetail } from '../errors.ts';
import { MEDIA_ID } from './media-path.ts';

/** The state of a figure (`data-media-state`). */
export type MediaState =
	| 'idle'
	| 'loading'
	| 'unverified'
	| 'verified'
	| 'tampered'
	| 'expired'
	| 'blocked'
	| 'failed';

/** The status of one item in the worker; sizes in bytes of plaintext. */
export interface MediaStatus {
	readonly id: string;
	readonly state: MediaState;
	readonly size?: number;
	/** by magic bytes: an allowed media type, or `application/octet-stream` with `label` */
	readonly type?: string;
	/** a short name for people of what cannot be shown, such as `HEIC image` */
	readonly label?: string;
	/** all of it is here, and its tag is right; `verified` alone may mean what is shown of it. Absent from older workers */
	readonly complete?: boolean;
	/** bytes that have been counted in the ledger, or spooled while the size is unknown */
	readonly counted: number;
	/** a verification is running and can be cancelled */
	readonly verifying: boolean;
	/** the server cannot seek: what lies ahead has to be loaded first */
	readonly sequential: boolean;
	readonly error?: MediaErrorCode;
	readonly detail?: MediaErrorDetail;
}

/** From a page to the worker. */
export type PageMessage =
	/** answer with a status */
	| { readonly kind: 'watch'; readonly id: string }
	/** start loading: a media element is about to ask */
	| { readonly kind: 'prime'; readonly id: string }
	/** the same, because somebody asked for it */
	| { readonly kind: 'load'; readonly id: string }
	/** load what is missing and check the tag */
	| { readonly kind: 'verify'; readonly id: string }
	/** the same for a save: all of it must fit, and it stops where it does not */
	| { readonly kind: 'keep'; readonly id: string }
	/** stop a verification */
	| { readonly kind: 'cancel'; readonly id: string }
	/** forget an error or a tampered verdict, and start over */
	| { readonly kind: 'retry'; readonly id: string }
	/** drop the item from the worker's memory: its record is about to go, or has gone */
	| { readonly kind: 'forget'; readonly id: string }
	| { readonly kind: 'forget-all' }
	/** keeps the worker alive while media plays or is verified */
	| { readonly kind: 'ping' };

/** From the worker to every page; `need-record` carries a port for the answer (a record, or undefined). */
export type WorkerMessage =
	| { readonly kind: 'status'; readonly status: MediaStatus }
	| { readonly kind: 'need-record'; readonly id: string };

const WITH_ID = new Set(['watch', 'prime', 'load', 'verify', 'keep', 'cancel', 'retry', 'forget']);
const WITHOUT_ID = new Set(['forget-all', 'ping']);
const ID = v.custom<string>(isId);
const LENGTH = v.custom<number>((value) => Number.isSafeInteger(value) && Number(value) >= 0);

/** A page may be newer or older than the worker that speaks to it: the shape is looked at, not believed. */
const STATUS = v.looseObject({
	id: ID,
	state: v.picklist([
		'idle',
		'loading',
		'unverified',
		'verified',
		'tampered',
		'expired',
		'blocked',
		'failed',
	]),
	size: v.optional(LENGTH),
	type: v.optional(v.string()),
	label: v.optional(v.string()),
	complete: v.optional(v.boolean()),
	counted: LENGTH,
	verifying: v.boolean(),
	sequential: v.boolean(),
	error: v.optional(v.string()),
	detail: v.optional(v.looseObject({})),
});
const STATUS_MESSAGE = v.looseObject({ kind: v.picklist(['status']), status: STATUS });
const NEED_RECORD = v.looseObject({ kind: v.picklist(['need-record']), id: ID });

/** Admits exactly the page's messages. Throws MediaError `message-invalid`. */
export function parsePageMessage(data: unknown): PageMessage {
	if (isObject(data) && typeof data['kind'] === 'string') {
		const { kind, id } = data;
		if (WITHOUT_ID.has(kind)) return { kind } as PageMessage;
		if (WITH_ID.has(kind) && typeof id === 'string' && MEDIA_ID.test(id))
			return { kind, id } as PageMessage;
	}
	throw new MediaError('message-invalid');
}

/** Admits exactly the worker's messages. Throws MediaError `message-invalid`. */
export function parseWorkerMessage(data: unknown): WorkerMessage {
	if (v.is(NEED_RECORD, data)) return { kind: data.kind, id: data.id };
	// An error's code may be one of another version.
	if (v.is(STATUS_MESSAGE, data)) return { kind: data.kind, status: data.status as MediaStatus };
	throw new MediaError('message-invalid');
}

function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null;
}

function isId(value: unknown): value is string {
	return typeof value === 'string' && MEDIA_ID.test(value);
}
