import type { Messenger } from '../../chat/account/messenger.ts';
import type { MediaLibrary } from '../../chat/files/media-library.ts';
import type { ChatMessage } from '../../chat/model/chat-message.ts';
import { createConversationGallery } from './conversation-gallery.ts';
import { Viewer } from './viewer.tsx';

/** The viewer over all pictures and videos of a conversation, at one of them. */
export function ConversationViewer(props: {
	messenger: Messenger;
	library: MediaLibrary;
	message: ChatMessage;
	onShow: (key: string) => void;
	onClose: () => void;
}) {
	const { messenger, library, message } = props;
	const gallery = createConversationGallery(message, messenger, library);
	return (
		<Viewer
			gallery={gallery}
			library={library}
			start={message.key}
			onShow={props.onShow}
			onClose={props.onClose}
		/>
	);
}
