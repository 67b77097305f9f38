import { win32 } from 'node:path';

/**
 * A program of Windows' own by its whole path; `path`: below its `System32`. By its name alone, Windows would look into the
 * current folder first, where anything may lie.
 */
export function systemProgram(...path: string[]): string {
  return win32.join(process.env.SystemRoot ?? 'C:\\Windows', 'System32', ...path);
}
