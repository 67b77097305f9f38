/** Whether Electron is ready: only after its main module has come to its end, as the real one is. */
let ready = false;
const waiting = Promise.withResolvers<void>();

export function isReady(): boolean {
  return ready;
}

export function whenReady(): Promise<void> {
  return waiting.promise;
}

export function becomeReady(): void {
  ready = true;
  waiting.resolve();
}

/** Throws where Electron refuses what is asked for too early. */
export function expectReady(what: string): void {
  if (!ready) throw new Error(`${what} cannot be used before the app is ready.`);
}

/** Throws where Electron refuses what is asked for too late. */
export function expectNotReady(what: string): void {
  if (ready) throw new Error(`${what} should be called before the app is ready.`);
}
