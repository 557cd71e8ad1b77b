/** Stands in the build for `sdp`, which stanza needs for calls (Jingle) alone: Balcony makes none. */
export {};
