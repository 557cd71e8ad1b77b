// What the browser's own cryptography lacks of Curve25519, in one file that is loaded when it is needed.

export { LIBRARY } from './library-x25519.ts';
export { signXeddsa, verifyXeddsa } from './xeddsa.ts';
