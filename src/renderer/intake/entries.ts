import type { Input } from '../../shared/contract/input.ts';
import type { FileRecord } from '../../shared/jobs.ts';
import type { Entry } from './intake-store.ts';

/** Entries that can become a batch. */
export function readyOf(entries: readonly Entry[]): Entry[] {
  return entries.filter(({ state }) => state === 'ready');
}

/** What main knows these entries by. */
export function inputsOf(entries: readonly Entry[]): Input[] {
  return entries.flatMap(({ input }) => (input ? [input] : []));
}

/** How far what is on its way to main is: files, and the share of all their bytes. */
export function uploadTotals(entries: readonly Entry[]): { files: number; done: number; share: number } {
  const sent = entries.filter(({ kind, state }) => {
    return kind === 'picture' && (state === 'uploading' || state === 'ready');
  });
  const bytes = sent.reduce((sum, entry) => sum + (entry.bytes ?? 0), 0);
  const arrived = sent.reduce((sum, entry) => {
    return sum + (entry.bytes ?? 0) * (entry.state === 'ready' ? 1 : entry.progress);
  }, 0);
  return {
    files: sent.length,
    done: sent.filter(({ state }) => state === 'ready').length,
    share: bytes === 0 ? 0 : arrived / bytes,
  };
}

/** Whether a file of the journal is what an entry has become. */
export function isSource({ input, path }: Entry, { source }: Pick<FileRecord, 'source'>, root = ''): boolean {
  if (!input) return false;
  switch (input.kind) {
    case 'upload':
      return source.split(/[\\/]/).includes(input.id);
    case 'path':
      return withSlashes(source) === `${withSlashes(root)}/${input.path}`;
    case 'token':
      return path === source;
  }
}

const withSlashes = (path: string) => path.replaceAll('\\', '/');
