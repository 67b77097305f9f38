import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { EnlargerError } from '../../../shared/errors.ts';

/** What the web shell is started with. */
export interface WebArguments {
  /** Absolute. */
  root: string | undefined;
  port: number | undefined;
  /** Whether the browser is opened. */
  open: boolean;
  /** Pictures and folders for the page, absolute. */
  paths: string[];
}

/** `--root <dir> --port <n> --no-open paths...`, as `npm start` hands them on. Throws `bad-argument`. */
export function webArguments(args: readonly string[]): WebArguments {
  const { values, positionals } = parsed(args);
  const root = values.root === undefined ? undefined : resolve(values.root);
  const paths = positionals.map((path) => resolve(path));
  return { root, port: portOf(values.port), open: !values['no-open'], paths };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: { root: { type: 'string' }, port: { type: 'string' }, 'no-open': { type: 'boolean' } },
      allowPositionals: true,
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const known = 'What is understood: --root <dir> --port <n> --no-open, and pictures and folders.';
    throw new EnlargerError('bad-argument', `${reason.replace(/\.*$/, '.')} ${known}`, { cause: error });
  }
}

function portOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const port = Number(text);
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port;
  throw new EnlargerError('bad-argument', `--port ${text}: expected a whole number from 1 to 65535.`);
}
