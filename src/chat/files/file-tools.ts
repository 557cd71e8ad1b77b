/** What can be done with files of a chat is loaded as one. */
export { createConversationMedia } from './conversation-media.ts';
export { createForwarding } from './forwarding.ts';
