import { create } from 'zustand';
import type { Input } from '../../shared/contract/input.ts';
import type { ExaminedModel } from '../../shared/contract/models.ts';

/** What its user says of a model that is about to be added. */
export interface SaidOfImport {
  title: string;
  licence: string;
  source: string;
  /** To the questions of the findings, by their ids. */
  answers: Readonly<Record<string, string>>;
}

/** A file that was brought to be made a model of. */
export interface ModelImport {
  /** Names it on this page alone. */
  key: string;
  name: string;
  /** Bytes; null where they are not known. */
  bytes: number | null;
  /**
   * `waiting`: until the one before is done. `sending`: on its way to main. `found`: examined, and waits for its user.
   * `added`: it is a model now. `refused` says why.
   */
  state: 'waiting' | 'sending' | 'examining' | 'found' | 'adding' | 'added' | 'refused';
  /** Of what is on its way, 0 to 1. */
  progress: number;
  /** What main knows it by, once it does. */
  input?: Input;
  examined?: ExaminedModel;
  said?: SaidOfImport;
  /** Why it was refused; of one that was found, why it could not be added as it was said. */
  reason?: string | undefined;
  /** The model that it has become. */
  model?: { id: string; title: string };
}

interface ImportStore {
  imports: readonly ModelImport[];
}

export const useImports = create<ImportStore>()(() => ({ imports: [] }));

export function importOf(key: string): ModelImport | undefined {
  return useImports.getState().imports.find((one) => one.key === key);
}

/** Does nothing where it is gone. */
export function changeImport(key: string, change: Partial<ModelImport>): void {
  useImports.setState(({ imports }) => ({
    imports: imports.map((one) => (one.key === key ? { ...one, ...change } : one)),
  }));
}

export function sayOfImport(key: string, said: Partial<SaidOfImport>): void {
  const before = importOf(key)?.said;
  if (before) changeImport(key, { said: { ...before, ...said } });
}
