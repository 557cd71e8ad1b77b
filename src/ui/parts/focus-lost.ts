import { createContext } from 'solid-js';

/** Focuses something where a dialog is gone, and what had the focus before it, too. */
export const FocusLost = createContext<() => void>(() => undefined);
