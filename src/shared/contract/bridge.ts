import type { Offered } from './input.ts';

/** What the preload gives the page of the desktop shell, as `window.enlarger`; in a browser there is none. */
export interface Bridge {
  /** Asks main for a new line. Its port arrives as a message of the window to itself: `PORT_MESSAGE`, and one port. */
  connect(): void;
  /** Tokens for what was dropped or pasted, in its order; what has no path on the disk is left out. */
  tokens(files: File[]): Promise<Offered[]>;
}

export const PORT_MESSAGE = 'enlarger-port';

/** What the preload and main call what they say to each other. */
export const CHANNELS = {
  /** Preload to main: a new line is wanted. */
  connect: 'enlarger:connect',
  /** Main to preload: its port. */
  port: 'enlarger:port',
  /** Preload to main: absolute paths; answered with what is offered for them. */
  tokens: 'enlarger:tokens',
} as const;
