import { expect, it } from 'vitest';
import { Duplex, Transform } from '../../../../src/xmpp/stanza-parts/stream.ts';

/** What a stream tells, in order. */
function listen(stream: Duplex): unknown[] {
	const told: unknown[] = [];
	stream.on('data', (chunk: unknown) => told.push(chunk));
	stream.on('end', () => told.push('end'));
	stream.on('error', (error: Error) => told.push(error.message));
	return told;
}

class Upper extends Transform {
	override _transform(chunk: unknown, _: string, done: () => void) {
		for (const letter of String(chunk)) this.push(letter.toUpperCase());
		done();
	}
}

class Refusing extends Duplex {
	override _write(_chunk: unknown, _: string, done: (error: Error) => void) {
		done(new Error('refused'));
	}
}

it('tells what is pushed at once, and its end once', async () => {
	const stream = new Duplex();
	const told = listen(stream);
	stream.push({ a: 1 });
	expect(told).toEqual([{ a: 1 }]);
	stream.push(null);
	stream.push(null);
	stream.push('late');
	expect(told).toHaveLength(1);
	await undefined;
	await undefined;
	expect(told).toEqual([{ a: 1 }, 'end']);
});

it('transforms what is written', async () => {
	const stream = new Upper();
	const told = listen(stream);
	const written = new Promise((resolve) => stream.write('ab', 'utf8', resolve));
	stream.end('c');
	await written;
	expect(told.slice(0, 3)).toEqual(['A', 'B', 'C']);
	await undefined;
	expect(told).toEqual(['A', 'B', 'C', 'end']);
});

it('tells of a write that failed, and of one that came too late', async () => {
	const stream = new Refusing();
	const told = listen(stream);
	const failed = new Promise((resolve) => stream.write('a', 'utf8', resolve));
	expect(told).toEqual(['refused']);
	expect(await failed).toBeInstanceOf(Error);
	stream.end();
	expect(await new Promise((resolve) => stream.write('a', 'utf8', resolve))).toBeInstanceOf(Error);
	expect(told).toEqual(['refused', 'write after end']);
});

it('tells once why it was destroyed, and then takes nothing', async () => {
	const stream = new Upper();
	const told = listen(stream);
	stream.destroy(new Error('broken'));
	stream.destroy(new Error('again'));
	expect(stream.destroyed).toBe(true);
	expect(told).toEqual([]);
	await new Promise((resolve) => setTimeout(resolve));
	expect(told).toEqual(['end', 'broken']);
	stream.write('a');
	expect(told).toEqual(['end', 'broken', 'write after end']);
});
