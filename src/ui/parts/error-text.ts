import type { MediaErrorCode, MediaErrorDetail } from '../../core/errors.ts';

/** The message that a person sees for an error, and whether trying again can help. */
export function errorText(code: MediaErrorCode, detail: MediaErrorDetail = {}): string {
	switch (code) {
		case 'uri-invalid':
			return 'This is not an aesgcm link. Links start with aesgcm:// and end with # and a long key.';
		case 'host-refused':
			return "The link points to a private network, so it wasn't opened.";
		case 'tampered':
			return detail.played === true
				? 'The file was altered on the server, and altered parts of it were played. Remove it, then open it again.'
				: 'The file was altered on the server. None of it is shown or kept.';
		case 'expired':
			return 'The server no longer has this file. Ask for it to be sent again.';
		case 'forbidden':
			return "The server doesn't allow access to this file.";
		case 'busy':
			return detail.retryAfter === undefined
				? 'The server is busy. Try again in a while.'
				: `The server is busy. Try again in ${seconds(detail.retryAfter)}.`;
		case 'server':
			return `The server answered with an error${detail.status === undefined ? '' : ` (${detail.status})`}.`;
		case 'cors':
			return "This server doesn't let web apps read its files. Its operator can allow it: CORS for HTTP upload.";
		case 'network':
			return "The server can't be reached. Check your connection.";
		case 'timeout':
			return 'The server stopped answering.';
		case 'redirect':
			return "The server redirects to an address that isn't secure.";
		case 'unasked':
			return detail.redirected === true
				? "The server redirects to another address, so the file wasn't downloaded automatically."
				: 'This file is too large to download automatically.';
		case 'changed':
			return 'The file changed on the server while it was downloading.';
		case 'too-short':
			return 'This is not an encrypted file: it is too short.';
		case 'too-large':
			return 'The file is too large.';
		case 'not-found':
			return 'This file is no longer kept here. Open its link again.';
		case 'key-missing':
			return "This browser couldn't keep the key. Open the link again.";
		case 'storage-full':
			return "There isn't enough room on this device.";
		case 'storage-unavailable':
			return "This browser doesn't let Balcony store anything here.";
		case 'type-unsupported':
			return "This can't be shown here, but you can save it.";
		case 'cancelled':
			return 'Stopped.';
		case 'message-invalid':
		case 'internal':
			return 'Something went wrong in Balcony. Reload the page and try again.';
	}
}

function seconds(count: number): string {
	return count < 90 ? `${count} seconds` : `${Math.ceil(count / 60)} minutes`;
}
