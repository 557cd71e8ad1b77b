/*
 * The few platform globals that core may use: those that pages, workers and Node share.
 * Core is compiled without the DOM and without the worker library, so that anything else is an error there.
 */
interface CryptoKey {
	readonly type: string;
	readonly extractable: boolean;
}
interface SubtleCrypto {
	digest(algorithm: 'SHA-1' | 'SHA-256', data: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer>;
	importKey(
		format: 'raw',
		data: Uint8Array<ArrayBuffer>,
		algorithm: string,
		extractable: boolean,
		usages: readonly string[],
	): Promise<CryptoKey>;
	deriveKey(
		algorithm: HkdfParameters,
		key: CryptoKey,
		derived: { name: 'HMAC'; hash: 'SHA-256'; length: number },
		extractable: boolean,
		usages: readonly string[],
	): Promise<CryptoKey>;
	/** `length` in bits */
	deriveBits(algorithm: HkdfParameters, key: CryptoKey, length: number): Promise<ArrayBuffer>;
	sign(algorithm: 'HMAC', key: CryptoKey, data: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer>;
	encrypt(
		algorithm: AesParameters,
		key: CryptoKey,
		data: Uint8Array<ArrayBuffer>,
	): Promise<ArrayBuffer>;
	decrypt(
		algorithm: AesParameters,
		key: CryptoKey,
		data: Uint8Array<ArrayBuffer>,
	): Promise<ArrayBuffer>;
}
interface HkdfParameters {
	name: 'HKDF';
	hash: 'SHA-256';
	salt: Uint8Array<ArrayBuffer>;
	info: Uint8Array<ArrayBuffer>;
}
type AesParameters =
	| { name: 'AES-CTR'; counter: Uint8Array<ArrayBuffer>; length: number }
	| { name: 'AES-GCM'; iv: Uint8Array<ArrayBuffer>; additionalData?: Uint8Array<ArrayBuffer> };
declare const crypto: {
	readonly subtle: SubtleCrypto;
	getRandomValues<T extends Uint8Array>(array: T): T;
};
declare class URL {
	constructor(url: string);
	static canParse(url: string): boolean;
	href: string;
	protocol: string;
	username: string;
	password: string;
	host: string;
	hostname: string;
	port: string;
	pathname: string;
	search: string;
	hash: string;
}
declare class TextEncoder {
	encode(text: string): Uint8Array<ArrayBuffer>;
}
declare class TextDecoder {
	constructor(label?: string, options?: { fatal?: boolean });
	decode(data: Uint8Array): string;
}
declare function atob(text: string): string;
declare function btoa(text: string): string;
declare function setTimeout(work: () => void, milliseconds: number): number;
declare function clearTimeout(timer: number | undefined): void;
