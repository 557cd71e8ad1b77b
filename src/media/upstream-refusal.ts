import { MediaError } from '../core/errors.ts';

/** The error that a status means for a request from `offset`; undefined for an answer that can be used. */
export function refusal(
	response: Pick<Response, 'status' | 'headers'>,
	offset: number,
	host: string,
): MediaError | undefined {
	const { status } = response;
	const detail = { status, host };
	if (status === 200 || status === 206) return undefined;
	if (status === 404 || status === 410) return new MediaError('expired', { detail });
	if (status === 401 || status === 403) return new MediaError('forbidden', { detail });
	// It had more bytes when its size was learnt; an empty file has not even the first.
	if (status === 416) return new MediaError(offset === 0 ? 'too-short' : 'changed', { detail });
	if (status === 429 || status === 503) {
		const retryAfter = retryAfterSeconds(response.headers.get('Retry-After'));
		return new MediaError('busy', {
			detail: retryAfter === undefined ? detail : { ...detail, retryAfter },
		});
	}
	return new MediaError('server', { detail });
}

/** Whether another try, a little later, can help. */
export function isPassing({ code, detail }: MediaError): boolean {
	if (code === 'server') return (detail.status ?? 0) >= 500;
	return code === 'network' || code === 'timeout' || code === 'busy';
}

/** Seconds, from either form of the header (RFC 9110 section 10.2.3). */
function retryAfterSeconds(header: string | null): number | undefined {
	if (header === null) return undefined;
	if (/^\d{1,9}$/.test(header)) return Number(header);
	const date = Date.parse(header);
	return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - Date.now()) / 1000));
}
