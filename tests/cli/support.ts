import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import { temporaryFolder, writePicture } from '../support/pictures.ts';

const PROGRAM = join(import.meta.dirname, '..', '..', 'src', 'cli', 'index.ts');

/** What makes a small run quick: nothing is measured first, and a session for small tiles warms up soon. */
export const QUICK = ['--variant', 'fp32', '--tile', '64'];

export interface CommandOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  /** Run it as this user (only root can). */
  uid?: number;
}

export interface Ended {
  /** Exit code, or the signal that ended it. */
  exit: number | NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/** Starts the real command line; it ends with the test at the latest. */
export function start(
  args: readonly string[],
  { cwd, env, uid }: CommandOptions = {},
): ChildProcessByStdio<null, Readable, Readable> {
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
    ...(cwd ? { cwd } : {}),
    ...(uid ? { uid, gid: uid } : {}),
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  return child;
}

/** Runs the real command line to its end. */
export async function enlarger(args: readonly string[], options?: CommandOptions): Promise<Ended> {
  const child = start(args, options);
  const closed = once(child, 'close');
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [code, signal] = await closed;
  return { exit: signal ?? code, stdout, stderr };
}

/** One line of `--json`. */
export interface Line {
  event: 'start' | 'file' | 'progress' | 'summary' | 'warning' | 'waiting' | 'interrupted';
  state?: string;
  source?: string;
  target?: string;
  [field: string]: unknown;
}

/** The lines of `--json`, each of which must be JSON. */
export function linesOf(stdout: string): Line[] {
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
}

/** The lines of `--json` while they come. */
export async function* linesOfRunning(stdout: Readable): AsyncGenerator<Line> {
  for await (const line of createInterface(stdout)) yield JSON.parse(line) as Line;
}

/** A temporary folder with small pictures in its folder `in`, each another one. */
export async function makePictures(names: readonly string[]): Promise<string> {
  const root = await temporaryFolder();
  await mkdir(join(root, 'in'));
  await Promise.all(names.map((name, index) => writePicture(join(root, 'in', name), { seed: index + 1 })));
  return root;
}

/** Everything below `folder` by its path there; nothing if there is no such folder. */
export async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

/** The files below `folder` with the SHA-256 of their bytes and the time of their last change. */
export async function snapshot(folder: string): Promise<Record<string, [sha256: string, changed: bigint]>> {
  const taken = (await filesIn(folder)).map(async (name) => {
    const path = join(folder, name);
    const { mtimeNs } = await stat(path, { bigint: true });
    return [name, [sha256Of(await readFile(path)), mtimeNs]];
  });
  return Object.fromEntries(await Promise.all(taken));
}

export const sha256Of = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/**
 * A user for whom permissions count: `undefined` is the one that runs the tests, unless that is root, whom
 * nothing keeps out; then it is one without rights.
 */
export const MERE_USER = process.getuid?.() === 0 ? { uid: 65_534 } : {};

/** Lets any user into `folder`, which temporary folders are not for. */
export async function open(folder: string): Promise<void> {
  await chmod(folder, 0o777);
}
