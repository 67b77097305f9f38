import type { Command } from 'commander';
import { modelFolders } from '../../main/installation.ts';
import { ModelRegistry, type RegisteredModel } from '../../main/models/model-registry.ts';
import { keptFindings } from '../../main/models/store/kept-findings.ts';
import type { ModelFindings } from '../../shared/probing.ts';
import { EXIT } from '../exit-codes.ts';
import { printable, printableJson } from '../output/printable.ts';
import { fileSize } from '../output/words.ts';
import { modelObject } from './models-object.ts';

/** Adds `models show`: what is known of one model, and how it came to be known. */
export function addModelsShow(models: Command, exit: (code: number) => void): void {
  models
    .command('show')
    .description('what is known of a model, and how')
    .argument('<id>')
    .option('--json', 'its manifest, and what was found out when it was added')
    .action(async (id: string, { json }: { json?: true }) => {
      const model = (await ModelRegistry.read(modelFolders())).get(id);
      const findings = await keptFindings(model.folder);
      const object = { ...modelObject(model), ...(findings ? { findings } : {}) };
      process.stdout.write(json ? `${printableJson(object)}\n` : words(model, findings));
      exit(EXIT.allDone);
    });
}

function words({ manifest, origin, folder }: RegisteredModel, findings: ModelFindings | undefined): string {
  const { formatVersion: _, variants, tile, ...fields } = manifest;
  const range = variants.flatMap(({ entries }) => entries).find(({ dtype }) => dtype === 'float32')?.range;
  const shown = { ...fields, tile: tile.cpu, ...(range ? { range } : {}) };
  const lines = Object.entries(shown).map(([key, value]) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    return `${key.padEnd(16)} ${text}${certainty(key, value, findings)}`;
  });
  for (const { id, entries } of variants) {
    for (const { file, dtype, bytes } of entries) {
      lines.push(`${'weights'.padEnd(16)} ${file} (${id}, ${dtype}, ${fileSize(bytes)})`);
    }
  }
  lines.push(`${'folder'.padEnd(16)} ${folder} (${origin})`);
  for (const note of findings?.notes ?? []) lines.push(note);
  return lines.map((line) => `${printable(line)}\n`).join('');
}

/** How a value came about, where it was found out. */
function certainty(key: string, value: unknown, findings: ModelFindings | undefined): string {
  const found = findings as (Record<string, unknown> & ModelFindings) | undefined;
  const how = (found?.certain as Record<string, string> | undefined)?.[key];
  if (!found || how === undefined) return '';
  const then = key === 'tile' ? found.tile.cpu : found[key];
  return JSON.stringify(then) === JSON.stringify(value) ? ` (${how})` : ' (set)';
}
