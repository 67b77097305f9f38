import { open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModelManifest } from '../../../shared/models.ts';
import type { ModelFindings } from '../../../shared/probing.ts';
import type { RegisteredModel } from '../model-registry.ts';
import { writeManifest } from './edit-manifest.ts';
import { keepFindings } from './kept-findings.ts';
import type { Staging } from './staging.ts';

/** What becomes a model. */
export interface Entering {
  staging: Staging;
  /** Its ONNX file, in the room of `staging`. */
  weights: string;
  /** What was found out of it; the manifest may say otherwise. */
  findings: ModelFindings;
  /** The id that it gets; another one each time: the ones before are taken. Throws if there is none left. */
  nextId(): string;
  manifest(id: string): ModelManifest;
  /** Throws for a model that does not work. */
  expectWorks(model: RegisteredModel): Promise<void>;
}

/** What the ONNX file of an added model is called. */
export const weightsName = (id: string): string => `${id}.fp32.onnx`;

/** Puts the model together, tries it, and makes it stand in the folder `models`, as a whole and durably. */
export async function enterModel(entering: Entering, models: string): Promise<RegisteredModel> {
  const { staging, findings, nextId, manifest: manifestOf, expectWorks } = entering;
  await keepFindings(staging.model, findings);
  let { weights } = entering;
  await syncFile(weights);
  for (let tried = false; ; tried = true) {
    const id = nextId();
    const manifest = manifestOf(id);
    const named = join(staging.model, weightsName(id));
    await rename(weights, named);
    weights = named;
    await writeManifest(staging.model, manifest);
    const model: RegisteredModel = { manifest, folder: staging.model, origin: 'added' };
    if (!tried) await expectWorks(model);
    const folder = join(models, id);
    // Another process may have taken the id meanwhile.
    if (await staging.place(folder, models)) return { ...model, folder };
  }
}

/** Weights may be a copy, or have been written by an engine: nobody else has flushed them. */
async function syncFile(path: string): Promise<void> {
  await using file = await open(path, 'r+');
  await file.sync();
}
