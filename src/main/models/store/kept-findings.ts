import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findingsSchema, type ModelFindings } from '../../../shared/probing.ts';
import { replaceFile } from '../../replace-file.ts';

/** What was found out of a model when it was added lies beside its manifest: people may ask where that comes from. */
const fileIn = (folder: string) => join(folder, 'findings.json');

export async function keepFindings(folder: string, findings: ModelFindings): Promise<void> {
  await replaceFile(fileIn(folder), `${JSON.stringify(findings, undefined, 2)}\n`);
}

/** Undefined for a model that was not added by `ModelStore`. */
export async function keptFindings(folder: string): Promise<ModelFindings | undefined> {
  try {
    return findingsSchema.parse(JSON.parse(await readFile(fileIn(folder), 'utf8')));
  } catch {
    return undefined;
  }
}
