import type { FilesArea } from '../../chat/account/messenger-areas.ts';
import type { MediaLibrary } from '../../chat/files/media-library.ts';
import type { Message } from '../../chat/model/message.ts';
import type { MessengerState } from '../../chat/model/messenger-state.ts';
import { createConversationGallery } from './conversation-gallery.ts';
import { Viewer } from './viewer.tsx';

/** The viewer over all pictures and videos of a conversation, at one of them. */
export function ConversationViewer(props: {
	state: MessengerState;
	files: FilesArea;
	library: MediaLibrary;
	message: Message;
	onShow: (key: string) => void;
	onClose: () => void;
}) {
	const gallery = createConversationGallery(props);
	return (
		<Viewer
			gallery={gallery}
			library={props.library}
			start={props.message.key}
			onShow={props.onShow}
			onClose={props.onClose}
		/>
	);
}
