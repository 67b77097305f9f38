/** Milliseconds that sending waits for showing, at most. */
const PATIENCE = 150;

let shown = Promise.withResolvers<void>();

/** To be called when something is about to be looked at for the first time. */
export function expectLook(): void {
  shown = Promise.withResolvers();
}

/** The browser has a picture of what is looked at. */
export function noteLook(): void {
  shown.resolve();
}

/**
 * Resolves when what was dropped is to be seen, or soon anyway. To send it, and what main does with it then, would take
 * the processor from showing it.
 */
export function firstLook(): Promise<unknown> {
  return Promise.race([shown.promise, new Promise((resolve) => setTimeout(resolve, PATIENCE))]);
}
