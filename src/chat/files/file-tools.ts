/** Collects the tools for files of a chat, which are loaded as one chunk. */
export { createConversationMedia } from './conversation-media.ts';
export { createForwarding } from './forwarding.ts';
