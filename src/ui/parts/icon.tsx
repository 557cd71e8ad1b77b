/** Drawn on a grid of 24, in strokes of the text's colour. */
const PATHS = {
	settings: 'M4 7h10M18 7h2M4 17h2M10 17h10M16 5v4M8 15v4',
	save: 'M12 4v11m0 0 4.5-4.5M12 15l-4.5-4.5M5 20h14',
	remove: 'M5 7h14M10 7V4.8h4V7m3.5 0-.8 12.2H7.3L6.5 7M10.5 11v5M13.5 11v5',
	retry: 'M19 12a7 7 0 1 1-2.3-5.2M19 4v4.5h-4.5',
	verify: 'M12 3.5 5 6v5.5c0 4.2 2.9 7.4 7 9 4.1-1.6 7-4.8 7-9V6Zm-3 8.3 2.2 2.2 4-4.3',
	cancel: 'M6.5 6.5l11 11M17.5 6.5l-11 11',
	play: 'M8.5 5.5v13l10-6.5Z',
	pause: 'M9 5.5v13M15 5.5v13',
	stop: 'M7 7h10v10H7Z',
	microphone:
		'M12 4a2.8 2.8 0 0 1 2.8 2.8v4.4a2.8 2.8 0 0 1-5.6 0V6.8A2.8 2.8 0 0 1 12 4Zm-6 7.2a6 6 0 0 0 12 0M12 17.2V20M9 20h6',
	file: 'M7 3.5h6.5L18 8v12.5H7ZM13 3.5V8.5h5',
	image: 'M4 5.5h16v13H4Zm0 10 4.8-4.6 3.7 3.4 2.8-2.5 4.7 4M15.6 9.2h.01',
	link: 'M10 14a3.6 3.6 0 0 0 5.2 0l3-3A3.7 3.7 0 0 0 13 5.8l-1 1M14 10a3.6 3.6 0 0 0-5.2 0l-3 3A3.7 3.7 0 0 0 11 18.2l1-1',
	open: 'M12 19V6m0 0-5 5m5-5 5 5',
	altered: 'M12 4 3 19.5h18ZM12 10v4.5m0 2.6h.01',
	back: 'M15 5l-7 7 7 7',
	add: 'M12 5v14M5 12h14',
	person: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8Zm-7.5 8.5c.6-4 3.6-6 7.5-6s6.9 2 7.5 6',
	lock: 'M7 10.5h10v9H7Zm2 0V8a3 3 0 0 1 6 0v2.5',
	unlocked: 'M7 10.5h10v9H7Zm2 0V7.5a3 3 0 0 1 5.8-1',
	waiting: 'M12 4.5a7.5 7.5 0 1 1 0 15 7.5 7.5 0 0 1 0-15Zm0 3.5v4.2l2.8 1.8',
	sent: 'M5.5 12.5l4 4 9-9.5',
	delivered: 'M2.5 12.5l4 4 8.5-9.5M11.5 15.5l1.2 1 8.8-9.5',
	read: 'M12 2a10 10 0 1 1 0 20 10 10 0 0 1 0-20ZM6 13.2l4.7 4.7L18 9.5l-2-1.8-5.5 6.4-2.6-2.7Z',
	search: 'M11 5a6 6 0 1 1 0 12 6 6 0 0 1 0-12Zm4.5 10.5L20 20',
	code: 'M4 4h6v6H4ZM14 4h6v6h-6ZM4 14h6v6H4ZM14 14h3v3h-3ZM20 14v6h-6',
	newest: 'M12 6v12m0 0 5-5m-5 5-5-5',
	more: 'M6 12h.01M12 12h.01M18 12h.01',
	reply: 'M10 6 4.5 11.5 10 17M5 11.5h8c3.5 0 6 2 6.5 6.5',
	edit: 'M4.5 19.5l1-4L16 5l3 3L8.5 18.5ZM14 7l3 3',
	copy: 'M9 9h10v10.5H9ZM6 15H5V4.5h10V6',
	attach:
		'M17.5 8.5 10 16a2.1 2.1 0 0 1-3-3l7.6-7.6a3.6 3.6 0 0 1 5.1 5.1L12 18.2a5.2 5.2 0 0 1-7.3-7.3l6.8-6.8',
	camera: 'M4 7.5h3.5L9 5h6l1.5 2.5H20V19H4Zm8 2.5a3.3 3.3 0 1 1 0 6.6 3.3 3.3 0 0 1 0-6.6Z',
	forward: 'M14 6l5.5 5.5L14 17M18.5 11.5h-8c-3.5 0-6 2-6.5 6.5',
	expand: 'M14 4.5h5.5V10M10 19.5H4.5V14M19 5l-6 6M5 19l6-6',
	conversation: 'M4.5 5h15v11H11l-4.5 4v-4h-2Z',
	offline: 'M4 9.5a12 12 0 0 1 16 0M7.5 13a7 7 0 0 1 9 0M12 17.5h.01M5 4.5l14 15',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon(props: { name: IconName; size?: number }) {
	return (
		<svg
			class="icon"
			viewBox="0 0 24 24"
			width={props.size ?? 20}
			height={props.size ?? 20}
			fill="none"
			stroke="currentColor"
			stroke-width="1.8"
			stroke-linecap="round"
			stroke-linejoin="round"
			aria-hidden="true"
		>
			<path d={PATHS[props.name]} />
		</svg>
	);
}
