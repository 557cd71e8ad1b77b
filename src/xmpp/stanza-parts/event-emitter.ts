type Listener = (...args: never[]) => unknown;
interface Entry {
	readonly listener: Listener;
	/** of those that are called once: whether that was */
	wasCalled?: boolean;
}

/** What stanza uses of Node's class of this name. An `error` that nobody listens to is thrown. */
export class EventEmitter {
	readonly #entries = new Map<string, readonly Entry[]>();

	#entriesOf(name: string): readonly Entry[] {
		return this.#entries.get(name) ?? [];
	}

	#set(name: string, entries: readonly Entry[]): this {
		if (entries.length > 0) this.#entries.set(name, entries);
		else this.#entries.delete(name);
		return this;
	}

	on(name: string, listener: Listener): this {
		return this.#set(name, [...this.#entriesOf(name), { listener }]);
	}

	once(name: string, listener: Listener): this {
		return this.#set(name, [...this.#entriesOf(name), { listener, wasCalled: false }]);
	}

	prependListener(name: string, listener: Listener): this {
		return this.#set(name, [{ listener }, ...this.#entriesOf(name)]);
	}

	/** Takes away the one that was added last. */
	removeListener(name: string, listener: Listener): this {
		const entries = this.#entriesOf(name);
		const at = entries.findLastIndex((entry) => entry.listener === listener);
		return this.#set(
			name,
			entries.filter((_, i) => i !== at),
		);
	}

	off(name: string, listener: Listener): this {
		return this.removeListener(name, listener);
	}

	removeAllListeners(name?: string): this {
		if (name === undefined) this.#entries.clear();
		else this.#entries.delete(name);
		return this;
	}

	listenerCount(name: string): number {
		return this.#entriesOf(name).length;
	}

	/** There is no limit. */
	setMaxListeners(): this {
		return this;
	}

	/** Calls those that are there now, also where one of them takes others away; whether there were any. */
	emit(name: string, ...args: unknown[]): boolean {
		const entries = this.#entriesOf(name);
		if (name === 'error' && entries.length === 0) throw args[0];
		for (const entry of entries) {
			if (entry.wasCalled) continue;
			if (entry.wasCalled === false) {
				entry.wasCalled = true;
				this.#set(
					name,
					this.#entriesOf(name).filter((other) => other !== entry),
				);
			}
			entry.listener.apply(this, args as never[]);
		}
		return entries.length > 0;
	}
}
