import { MediaError } from '../core/errors.ts';

/** Ends waiting, not the work itself. Throws MediaError `cancelled`. */
export async function abortable(
	work: Promise<void>,
	signal: AbortSignal | undefined,
): Promise<void> {
	if (signal === undefined) return work;
	let cancel: () => void = () => undefined;
	const aborted = new Promise<never>((_, reject) => {
		cancel = () => reject(new MediaError('cancelled'));
		signal.addEventListener('abort', cancel, { once: true });
	});
	try {
		await Promise.race([work, aborted]);
	} finally {
		signal.removeEventListener('abort', cancel);
	}
}
