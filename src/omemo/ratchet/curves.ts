// X25519 and XEdDSA in JavaScript, for what the browser's own cryptography lacks of Curve25519: one file that is loaded when needed.

export { LIBRARY } from './library-x25519.ts';
export { signXeddsa, verifyXeddsa } from './xeddsa.ts';
