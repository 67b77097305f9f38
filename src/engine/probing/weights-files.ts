import { constants, type Stats } from 'node:fs';
import { type FileHandle, open, realpath, stat } from 'node:fs/promises';
import { basename, isAbsolute, join, relative, sep } from 'node:path';
import type { EnlargerError } from '../../shared/errors.ts';
import type { ExternalData } from '../inference/onnx-external.ts';
import { refusal } from './refusal.ts';

/** A model that keeps weights in other files. */
export interface DividedModel {
  file: string;
  /** What its user calls it. */
  name: string;
  /** Where its other files are; undefined where none came with it. */
  folder: string | undefined;
}

/** Files that are named where many are missing. */
const MOST_NAMED = 3;

/** Characters that stand in no path that is written for all systems; some begin a drive or a device. */
const FOREIGN = ['\0', '\\', ':'];

/**
 * Finds the files in which `wanted` lies: their real paths by what the model calls them. They lie in its folder, or below, also
 * behind every link, are files, and reach as far as is wanted. Throws `model-invalid`, saying what to do, where one does not.
 */
export async function findWeights(
  model: DividedModel,
  wanted: readonly ExternalData[],
): Promise<ReadonlyMap<string, string>> {
  const ends = new Map<string, number>();
  for (const { location, offset, byteLength } of wanted) {
    ends.set(location, Math.max(ends.get(location) ?? 0, offset + byteLength));
  }
  for (const location of ends.keys()) if (!isInside(location)) throw outside(model, location);
  const folder = model.folder === undefined ? undefined : await realpath(model.folder).catch(() => undefined);
  if (folder === undefined) throw alone(model, [...ends.keys()]);
  const found = new Map<string, string>();
  const missing: string[] = [];
  for (const [location, end] of ends) {
    const path = await realFile(model, folder, location, end);
    if (path === undefined) missing.push(location);
    else found.set(location, path);
  }
  if (missing.length > 0) throw notBeside(model, missing);
  return found;
}

/** Opens a file that was found. What has taken its place meanwhile is not followed, and not waited for. */
export async function openWeights(model: DividedModel, location: string, path: string): Promise<FileHandle> {
  // Windows has neither; a pipe is opened without its other end, so that it can be refused.
  const careful = (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
  const file = await open(path, constants.O_RDONLY | careful).catch((error: NodeJS.ErrnoException) => {
    throw unreadable(model, location, error);
  });
  if ((await file.stat()).isFile()) return file;
  await file.close();
  throw noFile(model, location);
}

/** Fills `target` with the bytes of `file` from `offset` on. */
export async function readWeights(
  model: DividedModel,
  { location, offset }: ExternalData,
  file: FileHandle,
  target: Uint8Array,
): Promise<void> {
  for (let done = 0; done < target.length; ) {
    const { bytesRead } = await file
      .read(target, done, target.length - done, offset + done)
      .catch((error: NodeJS.ErrnoException) => {
        throw unreadable(model, location, error);
      });
    if (bytesRead === 0) throw tooShort(model, location, offset + done, offset + target.length);
    done += bytesRead;
  }
}

/** Undefined where there is none. */
async function realFile(
  model: DividedModel,
  folder: string,
  location: string,
  end: number,
): Promise<string | undefined> {
  let [path, stats]: [string, Stats | undefined] = ['', undefined];
  try {
    path = await realpath(join(folder, location));
    stats = await stat(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw unreadable(model, location, error as NodeJS.ErrnoException);
  }
  const way = relative(folder, path);
  if (way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way)) throw linkedOut(model, location);
  if (!stats.isFile()) throw noFile(model, location);
  if (stats.size < end) throw tooShort(model, location, stats.size, end);
  return path;
}

/** Whether a path leads from a folder into it, on every system. */
function isInside(location: string): boolean {
  if (location.startsWith('/') || FOREIGN.some((character) => location.includes(character))) return false;
  return !location.split('/').includes('..');
}

const quoted = (location: string) => JSON.stringify(location);

function listed(locations: readonly string[]): string {
  const shown = locations.slice(0, locations.length > MOST_NAMED ? MOST_NAMED - 1 : MOST_NAMED).map(quoted);
  const left = locations.length - shown.length;
  return left === 0 ? shown.join(', ') : `${shown.join(', ')} and ${left} others`;
}

function notBeside(model: DividedModel, missing: readonly string[]): EnlargerError {
  const [first = ''] = missing;
  const which = missing.length === 1 ? first : 'these files';
  const reason = `its weights lie in ${listed(missing)}, which ${missing.length === 1 ? 'is' : 'are'} not beside it`;
  return refusal(model.file, [reason], `Put ${which} beside ${basename(model.name)} and add it again.`);
}

function alone(model: DividedModel, locations: readonly string[]): EnlargerError {
  const python = `onnx.save(onnx.load(${quoted(basename(model.name))}), "whole.onnx")`;
  const advice = `Add it where both lie in one folder: browse to it, or use "enlarger models add". Or make one file of them in Python: ${python}.`;
  return refusal(model.file, [`its weights lie in ${listed(locations)}, which did not come with it`], advice);
}

function outside(model: DividedModel, location: string): EnlargerError {
  const reason = `its weights lie in ${quoted(location)}, which is outside its folder`;
  return refusal(model.file, [reason], 'Export it again as one file, or choose another.');
}

function linkedOut(model: DividedModel, location: string): EnlargerError {
  const reason = `its weights lie in ${quoted(location)}, a link that leads out of its folder`;
  const advice = `Put ${location} itself beside ${basename(model.name)} and add it again.`;
  return refusal(model.file, [reason], advice);
}

function noFile(model: DividedModel, location: string): EnlargerError {
  const reason = `its weights lie in ${quoted(location)}, which is no file`;
  const advice = `Put ${location} beside ${basename(model.name)} and add it again.`;
  return refusal(model.file, [reason], advice);
}

function tooShort(model: DividedModel, location: string, bytes: number, end: number): EnlargerError {
  const reason = `its weights lie in ${quoted(location)}, which has ${bytes} bytes and should have ${end}`;
  const advice = `Get ${location} again from where it came, put it beside ${basename(model.name)} and add it again.`;
  return refusal(model.file, [reason], advice);
}

function unreadable(model: DividedModel, location: string, { code }: NodeJS.ErrnoException): EnlargerError {
  const reason = `its weights lie in ${quoted(location)}, which cannot be read${code ? `: ${code}` : ''}`;
  return refusal(model.file, [reason], `Check the permissions of ${location} and add it again.`);
}
