import { EventEmitter } from './event-emitter.ts';

type Done = (error?: Error | null) => void;

/**
 * What stanza uses of Node's streams of objects. What is written goes on at once, and what is pushed is told at once:
 * `data`; the end and failures of a destroyed one come soon after.
 */
export class Duplex extends EventEmitter {
	destroyed = false;
	#isEnded = false;
	#isWritten = false;

	_write(_chunk: unknown, _encoding: string, done: Done): void {
		done();
	}

	/** `null` is the end, after which nothing comes. */
	push(chunk: unknown): boolean {
		if (this.#isEnded) return false;
		if (chunk === null) {
			this.#isEnded = true;
			queueMicrotask(() => this.emit('end'));
		} else this.emit('data', chunk);
		return true;
	}

	/** `error` tells of a failure, and `done` soon after. */
	write(chunk: unknown, encoding = 'utf8', done: Done = () => undefined): boolean {
		const finish: Done = (error) => {
			queueMicrotask(() => done(error));
			if (error) this.emit('error', error);
		};
		if (this.#isWritten) finish(new Error('write after end'));
		else this._write(chunk, encoding, finish);
		return true;
	}

	end(chunk?: unknown): void {
		if (chunk !== undefined) this.write(chunk);
		this.#isWritten = true;
	}

	destroy(error?: Error): void {
		if (this.destroyed) return;
		this.destroyed = true;
		this.push(null);
		this.end();
		if (error) queueMicrotask(() => this.emit('error', error));
	}
}

/** A stream that makes something else of what is written. */
export class Transform extends Duplex {
	_transform(_chunk: unknown, _encoding: string, done: Done): void {
		done();
	}

	override _write(chunk: unknown, encoding: string, done: Done): void {
		this._transform(chunk, encoding, done);
	}

	override end(chunk?: unknown): void {
		super.end(chunk);
		this.push(null);
	}
}
