#!/usr/bin/env node
/** Writes docs/models.md anew, from the manifests of the models that ship: `node training/models-page.ts`. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ModelManifest, manifestSchema } from '../src/shared/models.ts';

const ROOT = join(import.meta.dirname, '..');

type Variant = ModelManifest['variants'][number];

const HEAD = `# The models that ship

This page is written by \`node training/models-page.ts\` from the manifests in \`resources/models/\`; a test holds it to them.
How the weights came about: [training](../training/README.md). How fp16 and int8 are made of fp32:
[quantisation](quantisation.md).`;

const MEANING = `- **size** is that of the file for pictures of eight bits; fp32 and fp16 have one more for those of sixteen, as large.
- **loss** is the PSNR that int8 gives away on pictures of the folder that it was calibrated with, which were used for nothing
  before. fp16 takes no pictures.
- **to fp32** is how close its results come to those of fp32: at 60 dB, one value in fifteen is another by one level of 255.
- **speed** is that of one thread of the processor that the variant was made on, against fp32 within one run; other processors
  differ, and Enlarger measures on each before it takes int8. A processor computes fp16 in float32: it is for graphics
  processors, and Enlarger takes it on no other unless told. How fast it is there has not been measured.

Below, rows without another name are photographs held out from training. Noise is Gaussian, of that standard deviation in
levels; JPEG and WebP are of that quality.`;

/** docs/models.md for these manifests. */
export function modelsPage(manifests: readonly ModelManifest[]): string {
  const head = ['model', 'variant', 'size', 'loss, dB', 'to fp32, dB', 'speed on a processor'];
  const rows = manifests.flatMap((manifest) => manifest.variants.map((variant) => rowOf(manifest, variant)));
  return `${[HEAD, tableOf([head, ...rows]), MEANING, ...manifests.map(sectionOf)].join('\n\n')}\n`;
}

function rowOf({ id }: ModelManifest, variant: Variant): string[] {
  const [first] = variant.entries;
  const entry = variant.entries.find(({ dtype }) => dtype === 'uint8') ?? first;
  const size = `${((entry?.bytes ?? 0) / 1e6).toFixed(2)} MB`;
  if (variant.id === 'fp32') return [`\`${id}\``, variant.id, size, '', '', '1'];
  const speed = variant.speed === undefined ? 'not measured' : `${variant.speed.toFixed(1)}`;
  return ['', variant.id, size, variant.loss?.toFixed(2) ?? '', variant.fidelity?.toFixed(1) ?? '', speed];
}

/** What the variants of one model score on each set of pictures. */
function sectionOf({ id, title, description, parameters, scale, variants }: ModelManifest): string {
  const sets = [...new Set(variants.flatMap(({ psnr }) => Object.keys(psnr ?? {})))];
  const rows = sets
    .filter((set) => set !== 'calibration')
    .map((set) => [NAMES[set] ?? set, ...variants.map(({ psnr }) => psnr?.[set]?.toFixed(2) ?? '')]);
  const of = scale === 1 ? 'all colours' : `luma, ${scale} pixels off each border`;
  const numbers = parameters.toLocaleString('en-US');
  return [
    `## ${title} (\`${id}\`)`,
    `${description} ${numbers} parameters; its [card](../resources/models/${id}/README.md) says more. PSNR in dB of ${of}:`,
    tableOf([['', ...variants.map((variant) => variant.id)], ...rows]),
  ].join('\n\n');
}

const NAMES: Readonly<Record<string, string>> = { validation: 'photographs held out' };

/** Markdown, its columns padded to one width. */
function tableOf([head = [], ...rows]: string[][]): string {
  const widths = head.map((_, column) =>
    Math.max(3, ...[head, ...rows].map((row) => (row[column] ?? '').length)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join(' | ')} |`;
  return [head, widths.map((width) => '-'.repeat(width)), ...rows].map(line).join('\n');
}

/** The manifests of the models that ship, by id. */
export async function shippedManifests(): Promise<ModelManifest[]> {
  const models = join(ROOT, 'resources', 'models');
  const folders = (await readdir(models, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  const names = folders.map(({ name }) => name).sort();
  const files = names.map((name) => join(models, name, 'manifest.json'));
  return Promise.all(
    files.map(async (file) => manifestSchema.parse(JSON.parse(await readFile(file, 'utf8')))),
  );
}

if (import.meta.main) {
  await writeFile(join(ROOT, 'docs', 'models.md'), modelsPage(await shippedManifests()));
}
