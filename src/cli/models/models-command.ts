import type { Command } from 'commander';
import { DeviceTrials } from '../../main/devices/device-trials.ts';
import { modelFolders, stateFolder } from '../../main/installation.ts';
import { ModelRegistry, type RegisteredModel } from '../../main/models/model-registry.ts';
import type { VariantId } from '../../shared/models.ts';
import { EXIT } from '../exit-codes.ts';
import { printable, printableJson } from '../output/printable.ts';
import { fileSize } from '../output/words.ts';
import { addCatalogueCommands } from './catalogue-command.ts';
import { addModelsAdd } from './models-add.ts';
import { addModelsEdit, addModelsRemove } from './models-edit.ts';
import { modelObject } from './models-object.ts';
import { addModelsShow } from './models-show.ts';

/** Adds `models`, which lists what this installation can enlarge with, and what is done with the models of its user. */
export function addModelsCommand(program: Command, exit: (code: number) => void): void {
  const models = program.command('models').description('list the models, and add your own');
  models
    .command('list', { isDefault: true })
    .description('list the models (what `models` alone does)')
    .option('--json', 'their manifests, one JSON object a line')
    .action(async ({ json }: { json?: true }) => exit(await list(json ?? false)));
  addModelsAdd(models, exit);
  addModelsShow(models, exit);
  addModelsEdit(models, exit);
  addModelsRemove(models, exit);
  addCatalogueCommands(models, exit);
}

async function list(json: boolean): Promise<number> {
  const { models, problems } = await ModelRegistry.read(modelFolders());
  const width = Math.max(10, ...[...models.keys()].map((id) => id.length)) + 2;
  const trials = new DeviceTrials(stateFolder());
  for (const model of models.values()) {
    const tried = await trialsOf(model, trials);
    const object = { ...modelObject(model), ...(tried.length > 0 ? { devices: tried } : {}) };
    process.stdout.write(json ? `${printableJson(object)}\n` : lines(model, width) + triedLine(tried, width));
  }
  for (const problem of problems) process.stderr.write(`✗ ${printable(problem.message)}\n`);
  return problems.length > 0 ? EXIT.someFailed : EXIT.allDone;
}

function lines({ manifest, origin }: RegisteredModel, width: number): string {
  const { id, title, description, scale, licence } = manifest;
  const variants = manifest.variants.map(
    (variant) => `${variant.id} (${fileSize(variant.entries[0]?.bytes ?? 0)})`,
  );
  const about = [`×${scale}`, ...variants, `licence ${printable(licence)}`];
  if (origin === 'added') about.push('added');
  return `${printable(`${id.padEnd(width)}${title}. ${description}`)}\n${''.padEnd(width)}${about.join(', ')}\n`;
}

interface Tried {
  /** Its id. */
  device: string;
  variant: VariantId;
  state: 'passed' | 'failed';
  milliseconds?: number;
  reason?: string;
}

/** How devices did with `model`, those that have been tried. */
async function trialsOf({ manifest }: RegisteredModel, trials: DeviceTrials): Promise<Tried[]> {
  const variants = new Map(
    manifest.variants.flatMap(({ id, entries }) => entries.map(({ sha256 }) => [sha256, id] as const)),
  );
  const known = await trials.of(new Set(variants.keys()));
  return known.flatMap(({ device, sha256, trial }) => {
    const variant = variants.get(sha256);
    if (!variant) return [];
    const { state } = trial;
    return trial.state === 'passed'
      ? { device, variant, state, milliseconds: trial.milliseconds }
      : { device, variant, state, reason: trial.reason };
  });
}

function triedLine(tried: readonly Tried[], width: number): string {
  if (tried.length === 0) return '';
  const words = tried.map(({ device, variant, milliseconds, reason }) =>
    milliseconds === undefined
      ? `${device} (${variant}): ${reason}`
      : `${device} (${variant}) ${milliseconds.toFixed(1)} ms`,
  );
  return `${''.padEnd(width)}${printable(`tried on ${words.join('; ')}`)}\n`;
}
