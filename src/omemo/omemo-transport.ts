import type { PublishedBundle } from '../core/omemo-element.ts';

/** How OMEMO reaches the server; addresses are bare. Failures other than "there is none" throw. */
export interface OmemoTransport {
	fetchDeviceList(jid: string): Promise<readonly number[] | undefined>;
	publishDeviceList(ids: readonly number[]): Promise<void>;
	fetchBundle(jid: string, id: number): Promise<PublishedBundle | undefined>;
	publishBundle(id: number, bundle: PublishedBundle): Promise<void>;
}

/**
 * The kind of a failure of the transport. `offline`: our own line is down, and the other side is not to blame.
 * `passing`: no answer, or one that may be another soon. `permanent`: the same request fails again.
 */
export type FailureKind = 'offline' | 'passing' | 'permanent';
export type FailureKindOf = (thrown: unknown) => FailureKind;
