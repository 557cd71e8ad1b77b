/** The state of the history's entry of an open viewer: the phone's own way back closes it. */
export const VIEWED = 'viewer';
