// HTTP File Upload, XEP-0363 version 1.1.0

import type { Extension } from './extension.ts';

export const UPLOAD: Extension = {
	number: '0363',
	version: '1.1.0',
	name: 'HTTP File Upload',
};
