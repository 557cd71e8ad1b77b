/** A client reads the thumbnail that may follow a link (XEP-0454 section 3), which names no feature of its own for that. */
export const THUMBNAIL_FEATURE = 'https://balcony.chat/features/media-thumbnail';
