/** A hold that one tab of the origin has at a time. */
export interface TabHold {
	/** Takes it if it is free; whether it was. Where the browser has no locks it always is. */
	take(): Promise<boolean>;
	/** Takes it from whoever has it. */
	steal(): Promise<void>;
	release(): void;
}

/** `lost` is called when another tab takes it away. */
export function holdTab(name: string, lost: () => void): TabHold {
	const locks = typeof navigator === 'undefined' ? undefined : navigator.locks;
	let release: (() => void) | undefined;

	function request(options: LockOptions): Promise<boolean> {
		if (locks === undefined) return Promise.resolve(true);
		return new Promise((resolve) => {
			locks
				.request(name, options, (lock) => {
					resolve(lock !== null);
					if (lock === null) return undefined;
					return new Promise<void>((letGo) => {
						release = letGo;
					});
				})
				.catch(() => {
					release = undefined;
					lost();
				});
		});
	}

	return {
		take: async () => release !== undefined || request({ ifAvailable: true }),
		async steal() {
			await request({ steal: true });
		},
		release() {
			release?.();
			release = undefined;
		},
	};
}
