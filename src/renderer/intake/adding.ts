import i18next from 'i18next';
import type { Offered } from '../../shared/contract/input.ts';
import { isModelFile, isWeightsFile } from '../../shared/contract/models.ts';
import { importFiles, importOffered } from '../models/importing.ts';
import { useLibrary } from '../stores/library-store.ts';
import { useSessionStore } from '../stores/session-store.ts';
import { useView } from '../stores/view-store.ts';
import { entryFiles } from './entry-files.ts';
import { expectLook, firstLook } from './first-look.ts';
import { type Entry, entryOf, useIntake } from './intake-store.ts';
import { judge, sift } from './judge.ts';
import { matchOffered } from './match-offered.ts';
import { type Dropped, type Found, walkFolder } from './read-drop.ts';
import { refused, tooMuch } from './refused.ts';
import { startIfReady } from './starting.ts';
import { stopUpload, uploadEntry } from './uploading.ts';

let groups = 0;
let keys = 0;
const newKey = () => `entry-${++keys}`;

/**
 * Adds what was dropped, pasted or picked as files, and looks at the first picture of it at once. Models that were named
 * themselves are handed on to be examined.
 */
export async function addDropped({ files: found, folders }: Dropped): Promise<void> {
  const [models, others] = divide(found, ({ file, folder }) => folder === '' && isModelFile(file.name));
  void importFiles(models.map(({ file }) => file));
  // Main finds them where the model lies.
  const files = others.filter(({ file }) => models.length === 0 || !isWeightsFile(file.name));
  if (files.length + folders.length === 0) return;
  const group = ++groups;
  if (window.enlarger) {
    const offered = await window.enlarger.tokens(files.map(({ file }) => file));
    addEntries(entriesOfTokens(files, offered, group), true);
    startIfReady(group);
    return;
  }
  // Nothing is begun with before all of it is known: this one goes once the folders have been read.
  const reading: Entry = { ...blank(group, ''), key: newKey(), state: 'uploading', kind: 'folder' };
  if (folders.length > 0) addEntries([{ ...reading, name: folders[0]?.name ?? '' }], false);
  const alone = files.filter(({ folder }) => folder === '');
  const inFolders = Map.groupBy(
    files.filter(({ folder }) => folder !== ''),
    ({ folder }) => folder.split('/')[0] ?? '',
  );
  const uploads: Promise<unknown>[] = [addFiles(alone, group)];
  for (const [name, found] of inFolders) uploads.push((await addFolder(name, [found], group)).uploaded);
  for (const folder of folders) {
    uploads.push((await addFolder(folder.name, walkFolder(folder), group)).uploaded);
  }
  dropEntries(new Set([reading.key]));
  await Promise.all(uploads);
  startIfReady(group);
}

/** Adds what main has handed over, or what was browsed to. `look`: the first of it is looked at in any case. */
export function addOffered(offered: readonly Offered[], look: boolean): void {
  const [models, others] = divide(offered, ({ kind, name }) => kind === 'picture' && isModelFile(name));
  void importOffered(models);
  if (others.length === 0) return;
  const group = ++groups;
  const entries = others.map(({ input, name, path, kind }): Entry => {
    const verdict = kind === 'folder' ? { take: true as const } : judge({ name, bytes: 1, inFolder: false });
    const about = { ...blank(group, name), key: newKey(), kind, ...(path === undefined ? {} : { path }) };
    return verdict.take
      ? { ...about, state: 'ready', input }
      : { ...about, ...refused(verdict, about.bytes) };
  });
  addEntries(entries, look);
  startIfReady(group);
}

/** Takes entries away, with what is on its way of them, and what main has of them. */
export function removeEntries(gone: ReadonlySet<string>): void {
  const { entries, starting } = useIntake.getState();
  const removed = entries.filter(({ key }) => gone.has(key) && !starting.has(key));
  const ids = removed.flatMap(({ input }) => (input?.kind === 'upload' ? [input.id] : []));
  for (const { key } of removed) stopUpload(key);
  dropEntries(new Set(removed.map(({ key }) => key)));
  const { session } = useSessionStore.getState();
  // Main forgets by itself what it is not told of.
  if (ids.length > 0) session?.client.uploads.discard({ ids }).catch(() => {});
  for (const group of new Set(removed.map((entry) => entry.group))) startIfReady(group);
}

/** Tries again to bring to main what could not be. */
export async function retryEntries(again: ReadonlySet<string>): Promise<void> {
  const failed = useIntake
    .getState()
    .entries.filter(({ key, state }) => again.has(key) && state === 'failed');
  await Promise.all(failed.map(({ key }) => uploadEntry(key)));
  for (const group of new Set(failed.map((entry) => entry.group))) startIfReady(group);
}

/** Adds what is in a folder, as far as pictures go; resolves, once it has been read, to the end of its uploads. */
async function addFolder(
  name: string,
  read: AsyncIterable<Found[]> | Iterable<Found[]>,
  group: number,
): Promise<{ uploaded: Promise<unknown> }> {
  const uploads: Promise<void>[] = [];
  let others = 0;
  let taken = 0;
  for await (const found of read) {
    const { shown, left } = sift(found);
    others += left;
    taken += shown.length;
    uploads.push(addFiles(shown, group));
  }
  const about = { ...blank(group, name), key: newKey(), kind: 'folder' as const };
  const words =
    taken === 0
      ? i18next.t('intake.noPictures')
      : others > 0 && i18next.t('intake.leftOut', { count: others });
  if (words) addEntries([{ ...about, state: 'refused', reason: words }], false);
  return { uploaded: Promise.all(uploads) };
}

/** Adds files as entries, and uploads those that can be; resolves when all of them have come to an end. */
async function addFiles(found: readonly Found[], group: number): Promise<void> {
  const { session } = useSessionStore.getState();
  const limits = session?.capabilities.uploads;
  let room = limits?.bytesInAll ?? Number.POSITIVE_INFINITY;
  const entries = found.map(({ file, folder }): Entry => {
    const inFolder = folder !== '';
    const verdict = judge({ name: file.name, bytes: file.size, inFolder }, limits?.bytesPerFile);
    const about = { ...blank(group, file.name), key: newKey(), folder, bytes: file.size };
    if (!verdict.take) return { ...about, ...refused(verdict, about.bytes, limits?.bytesPerFile) };
    room -= file.size;
    if (room < 0) return { ...about, state: 'refused', reason: tooMuch(limits?.bytesInAll ?? 0) };
    return { ...about, state: 'uploading' };
  });
  for (const [index, { key, state }] of entries.entries()) {
    const file = found[index];
    if (file && state === 'uploading') entryFiles.set(key, file);
  }
  expectLook();
  addEntries(entries, true);
  if (entries.some(({ key }) => key === useView.getState().current)) await firstLook();
  const sent = entries.filter(({ state }) => state === 'uploading');
  await Promise.all(sent.map(({ key }) => uploadEntry(key)));
}

function entriesOfTokens(files: readonly Found[], offered: readonly Offered[], group: number): Entry[] {
  const matched = matchOffered(
    files.map(({ file }) => file.name),
    offered,
  );
  return files.map((found, index): Entry => {
    const { file } = found;
    const offer = matched[index];
    const about: Entry = {
      ...blank(group, file.name),
      key: newKey(),
      ...(offer ? { kind: offer.kind } : {}),
      bytes: offer?.kind === 'folder' ? null : file.size,
    };
    if (!offer) return { ...about, state: 'refused', reason: i18next.t('intake.noPath') };
    const judged = { name: file.name, bytes: file.size, inFolder: false };
    const verdict = offer.kind === 'folder' ? { take: true as const } : judge(judged);
    if (!verdict.take) return { ...about, ...refused(verdict, about.bytes) };
    if (offer.kind === 'picture') entryFiles.set(about.key, found);
    const path = offer.path === undefined ? {} : { path: offer.path };
    return { ...about, ...path, state: 'ready', input: offer.input };
  });
}

const blank = (group: number, name: string): Omit<Entry, 'key'> => ({
  ...{ group, name, folder: '', kind: 'picture', bytes: null, state: 'ready', progress: 0 },
});

/** `look`: the first picture is looked at, whatever is now. */
function addEntries(entries: readonly Entry[], look: boolean): void {
  if (entries.length === 0) return;
  useIntake.setState((store) => ({ entries: [...store.entries, ...entries] }));
  const view = useView.getState();
  const waits = !useSessionStore.getState().session?.settings.startAtOnce;
  if (!view.panels.strip && (waits || entries.some(({ state }) => state === 'refused'))) view.toggle('strip');
  const first = entries.find(({ kind, state }) => kind === 'picture' && state !== 'refused') ?? entries[0];
  const isFirst = useIntake.getState().entries.find(({ group, kind }) => {
    return group === first?.group && kind === 'picture';
  });
  const wanted = look && (isFirst === undefined || entries.includes(isFirst));
  if (first && (wanted || !isThere(view.current))) view.look(first.key);
}

function dropEntries(gone: ReadonlySet<string>): void {
  useIntake.setState(({ entries }) => ({ entries: entries.filter(({ key }) => !gone.has(key)) }));
  for (const key of gone) entryFiles.delete(key);
}

/** Those that `is` says yes to, and the others. */
function divide<T>(all: readonly T[], is: (one: T) => boolean): [T[], T[]] {
  return [all.filter(is), all.filter((one) => !is(one))];
}

function isThere(photo: number | string | undefined): boolean {
  if (photo === undefined) return false;
  return typeof photo === 'string' ? entryOf(photo) !== undefined : useLibrary.getState().files.has(photo);
}
