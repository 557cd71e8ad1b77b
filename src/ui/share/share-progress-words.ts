/** A file on its way. */
export const PROGRESS_WORDS = {
	encrypting: 'Encrypting…',
	queued: 'Waiting for its turn',
	offline: "Will be sent when you're online",
	done: (done: string, size: string) => `${done} of ${size}`,
	speed: (bytes: string) => `${bytes}/s`,
	left: (time: string) => `${time} left`,
	cancel: (name: string) => `Don't send ${name}`,
	sending: (name: string) => `Sending ${name}`,
};
