import { createSignal, Show } from 'solid-js';
import { Icon, type IconName } from '../parts/icon.tsx';
import { WORDS } from './words.ts';
import '../parts/menu.css';
import './attach-button.css';

const PICTURES = 'image/*,video/*';

/** Chooses files: pictures and videos, the camera of a phone, or anything. */
export function AttachButton(props: {
	disabled: boolean;
	/** why it is, if that is not plain to see */
	why: string | undefined;
	hidden: boolean;
	onFiles: (files: FileList) => void;
}) {
	let button!: HTMLButtonElement;
	let menu!: HTMLDivElement;
	let input!: HTMLInputElement;
	const [isOpen, setOpen] = createSignal(false);
	const isTouch = matchMedia('(pointer: coarse)').matches;
	const choose = (accept: string, capture: boolean) => {
		menu.hidePopover();
		input.accept = accept;
		if (capture) input.setAttribute('capture', 'environment');
		else input.removeAttribute('capture');
		input.click();
	};
	const item = (icon: IconName, text: string, testid: string, work: () => void) => (
		<button type="button" class="menu-item" data-testid={testid} onClick={work}>
			<Icon name={icon} size={20} /> {text}
		</button>
	);
	const place = () => {
		const at = button.getBoundingClientRect();
		menu.style.setProperty('--left', `${at.left}px`);
		menu.style.setProperty('--bottom', `${innerHeight - at.top + 6}px`);
		menu.querySelector('button')?.focus();
	};
	return (
		<>
			<button
				ref={button}
				type="button"
				class="icon-button attach"
				data-testid="attach"
				aria-label={WORDS.attach}
				title={props.why ?? WORDS.attach}
				aria-haspopup="dialog"
				aria-expanded={isOpen()}
				disabled={props.disabled}
				hidden={props.hidden}
				onClick={() => menu.togglePopover()}
			>
				<Icon name="attach" size={24} />
			</button>
			<div
				ref={menu}
				popover="auto"
				class="menu attach-menu"
				role="dialog"
				aria-label={WORDS.attach}
				onToggle={(event) => {
					setOpen(event.newState === 'open');
					if (event.newState === 'open') place();
				}}
			>
				{item('image', WORDS.photosAndVideos, 'attach-pictures', () => choose(PICTURES, false))}
				<Show when={isTouch}>
					{item('camera', WORDS.camera, 'attach-camera', () => choose('image/*', true))}
				</Show>
				{item('file', WORDS.files, 'attach-files', () => choose('', false))}
			</div>
			<input
				ref={input}
				type="file"
				multiple
				hidden
				data-testid="file-input"
				aria-label={WORDS.filesToSend}
				onChange={() => {
					if (input.files !== null && input.files.length > 0) props.onFiles(input.files);
					input.value = '';
				}}
			/>
		</>
	);
}
