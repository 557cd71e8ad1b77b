/** How pictures are sent: as they are, or smaller. */
export type PhotoQuality = 'original' | 'good' | 'small';

/** Settings of one account on this device. */
export interface AccountSettings {
	/** reactions go out although OMEMO 0.3 cannot encrypt them: the servers see which emoji */
	readonly reactsInClear: boolean;
	/** how pictures are sent */
	readonly photoQuality: PhotoQuality;
	/** whether a small picture goes before a large one: to who is known to read it, to all, or to nobody */
	readonly thumbnails: 'automatic' | 'always' | 'never';
	/** what is told of a new message while nobody looks: nothing, from whom it is, or what it says */
	readonly notifications: 'off' | 'name' | 'text';
}

export const DEFAULT_SETTINGS: AccountSettings = {
	reactsInClear: false,
	photoQuality: 'good',
	thumbnails: 'automatic',
	notifications: 'off',
};
