/** What the system was asked to do, for tests to look at: there is no system here that would do it. */
const entries: { what: string; details: unknown }[] = [];
let noted = Promise.withResolvers<void>();

/** `details` are cloned, as they would be on their way out of the process. */
export function log(what: string, details: unknown): void {
  entries.push({ what, details: structuredClone(details) });
  noted.resolve();
  noted = Promise.withResolvers();
}

/** Resolves with everything of one kind, once there are `count` of it. */
export async function loggedAfter(what: string, count: number): Promise<unknown[]> {
  while (logged(what).length < count) await noted.promise;
  return logged(what);
}

export function logged(what: string): unknown[] {
  return entries.filter((entry) => entry.what === what).map(({ details }) => details);
}

/** What dialogs answer, one after the other: what a user would choose. */
const choices: string[][] = [];

export function choose(paths: string[]): void {
  choices.push(paths);
}

export function chosen(): string[] {
  return choices.shift() ?? [];
}
