import type { OmemoElement } from '../core/omemo-element.ts';
import type { ChatWrite } from '../vault/chat-rows.ts';
import type { DeviceName } from './reach.ts';

/** Writes rows of OMEMO's together with the caller's own, strictly before anything leaves the device. */
export type Persist<T> = (result: T, writes: readonly ChatWrite[]) => Promise<void>;

/**
 * The same for a message. `leftOut`: devices that it is not encrypted to, since their keys could not be had just now, or
 * were not verified while others were.
 */
export type PersistMessage = (
	element: OmemoElement,
	writes: readonly ChatWrite[],
	leftOut: readonly DeviceName[],
) => Promise<void>;
