/** Looking at pictures and videos is loaded as one. */
export { ConversationViewer } from './conversation-viewer.tsx';
export { Viewer } from './viewer.tsx';
