import i18next from 'i18next';
import { errorOf } from '../../shared/contract/error.ts';
import type { Offered } from '../../shared/contract/input.ts';
import { formatBytes } from '../components/figures.ts';
import { withoutName } from '../components/file-names.ts';
import { toasts } from '../components/toasts.ts';
import { Lanes } from '../intake/lanes.ts';
import { matchOffered } from '../intake/match-offered.ts';
import { sendUpload } from '../intake/send-upload.ts';
import { useSessionStore } from '../stores/session-store.ts';
import { useView } from '../stores/view-store.ts';
import { changeImport, importOf, type ModelImport, useImports } from './import-store.ts';

/** Main examines one after the other; so there is no use in sending several at once. */
const lane = new Lanes(1);
const working = new Map<string, AbortController>();
/** What the browser holds of imports, by key. */
const files = new Map<string, File>();

let keys = 0;
const newImport = (name: string, bytes: number | null): ModelImport => ({
  ...{ key: `model-${++keys}`, name, bytes, state: 'waiting', progress: 0 },
});

/** Brings files to main that were dropped, pasted or picked, and has them examined; the dialog shows how far they are. */
export async function importFiles(brought: readonly File[]): Promise<void> {
  if (brought.length === 0) return;
  const imports = brought.map((file) => newImport(file.name, file.size));
  show(imports);
  if (window.enlarger) {
    const offered = matchOffered(
      brought.map(({ name }) => name),
      await window.enlarger.tokens([...brought]),
    );
    for (const [index, { key }] of imports.entries()) {
      const offer = offered[index];
      changeImport(key, offer ? { input: offer.input } : refusal(i18next.t('models.noPath')));
    }
  } else {
    for (const [index, { key }] of imports.entries()) {
      const file = brought[index];
      const problem = file && problemOf(file);
      if (problem !== undefined) changeImport(key, refusal(problem));
      else if (file) files.set(key, file);
    }
  }
  await Promise.all(imports.map(({ key }) => examineImport(key)));
}

/** Has files examined that main hands over. */
export async function importOffered(offered: readonly Offered[]): Promise<void> {
  if (offered.length === 0) return;
  const imports = offered.map(({ name, input }) => ({ ...newImport(name, null), input }));
  show(imports);
  await Promise.all(imports.map(({ key }) => examineImport(key)));
}

/** Brings a file to main, where it is not there yet, and has it examined. Does nothing for one that is refused. */
async function examineImport(key: string): Promise<void> {
  const stop = new AbortController();
  working.set(key, stop);
  try {
    await lane.run(async () => {
      const { session } = useSessionStore.getState();
      if (importOf(key)?.state !== 'waiting' || !session) return;
      const source = await bring(key, stop.signal);
      changeImport(key, { state: 'examining' });
      const examined = await session.client.models.examine({ source }, { signal: stop.signal });
      const { title, licence, source: from } = examined.manifest;
      const answers = Object.fromEntries(
        examined.findings.questions.map(({ id, default: value }) => [id, value]),
      );
      changeImport(key, { state: 'found', examined, said: { title, licence, source: from, answers } });
      tellIfUnseen(key);
    });
  } catch (error) {
    if (!stop.signal.aborted) changeImport(key, refusal(reasonOf(error, key)));
  } finally {
    working.delete(key);
  }
}

/** What main knows it by. */
async function bring(key: string, signal: AbortSignal) {
  const known = importOf(key)?.input;
  const file = files.get(key);
  if (known || !file) return known ?? Promise.reject(new Error(i18next.t('models.noPath')));
  changeImport(key, { state: 'sending' });
  const onProgress = (progress: number) => changeImport(key, { progress });
  const { id } = await sendUpload({ file, folder: '' }, { signal, onProgress });
  const input = { kind: 'upload', id } as const;
  changeImport(key, { input });
  return input;
}

/** Makes a model of it, as its user has said; what main says against it is shown, and it stays. */
export async function addImport(key: string): Promise<void> {
  const { input, said } = importOf(key) ?? {};
  const { session } = useSessionStore.getState();
  if (!input || !said || !session) return;
  const { answers, title, licence, source } = said;
  changeImport(key, { state: 'adding', reason: undefined });
  try {
    const change = { title: title.trim(), licence: licence.trim() || 'unknown', source: source.trim() };
    const { id } = await session.client.models.add({ source: input, answers, change });
    files.delete(key);
    changeImport(key, { state: 'added', model: { id, title: change.title } });
    if (!isSeen()) toasts.add({ description: i18next.t('models.addedToast', { title: change.title }) });
  } catch (error) {
    changeImport(key, { state: 'found', reason: reasonOf(error, key) });
  }
}

/** Takes it out of the list, with what is on its way of it, and what main has of it. */
export function dismissImport(key: string): void {
  const { input, state } = importOf(key) ?? {};
  working.get(key)?.abort();
  files.delete(key);
  useImports.setState(({ imports }) => ({ imports: imports.filter((one) => one.key !== key) }));
  const { session } = useSessionStore.getState();
  // Main forgets by itself what it is not told of.
  if (input?.kind === 'upload' && state !== 'added') {
    session?.client.uploads.discard({ ids: [input.id] }).catch(() => {});
  }
}

/** Tries once more what was refused, as far as there is something left to try it with. */
export async function retryImport(key: string): Promise<void> {
  changeImport(key, { state: 'waiting', progress: 0, reason: undefined });
  await examineImport(key);
}

/** Whether it can be tried once more. */
export function canRetry({ key, input }: ModelImport): boolean {
  return input !== undefined || files.has(key);
}

function show(imports: readonly ModelImport[]): void {
  useImports.setState((store) => ({ imports: [...store.imports, ...imports] }));
  useView.getState().open('models');
}

const isSeen = () => useView.getState().dialog === 'models';

function tellIfUnseen(key: string): void {
  const name = importOf(key)?.name;
  if (name === undefined || isSeen()) return;
  toasts.add({ description: i18next.t('models.foundElsewhere', { name }) });
}

/** Why a file is not even sent; undefined for one that can be. */
function problemOf({ size }: File): string | undefined {
  const limit = useSessionStore.getState().session?.capabilities.uploads?.bytesPerModel;
  if (size === 0) return i18next.t('models.empty');
  if (limit === undefined || size <= limit) return undefined;
  const bytes = (value: number) => formatBytes(value, i18next.language);
  return i18next.t('models.tooLarge', { size: bytes(size), limit: bytes(limit) });
}

const refusal = (reason: string) => ({ state: 'refused', reason }) as const;

function reasonOf(error: unknown, key: string): string {
  const name = importOf(key)?.name ?? '';
  const { message, file = '' } = errorOf(error);
  return withoutName(message, file, name);
}
