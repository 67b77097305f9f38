import type { Command } from 'commander';
import { modelsFolder } from '../main/installation.ts';
import { ModelRegistry } from '../main/models/model-registry.ts';
import { EXIT } from './exit-codes.ts';
import { printable, printableJson } from './output/printable.ts';
import { fileSize } from './output/words.ts';

/** Adds `models`, which lists what this installation can enlarge with. */
export function addModelsCommand(program: Command, exit: (code: number) => void): void {
  program
    .command('models')
    .description('list the models')
    .option('--json', 'their manifests, one JSON object a line')
    .action(async ({ json }: { json?: true }) => {
      const { models, problems } = await ModelRegistry.read(modelsFolder());
      for (const { manifest } of models.values()) {
        if (json) {
          process.stdout.write(`${printableJson(manifest)}\n`);
          continue;
        }
        const variants = manifest.variants.map(
          ({ id, entries }) => `${id} (${fileSize(entries[0]?.bytes ?? 0)})`,
        );
        process.stdout.write(
          `${printable(`${manifest.id.padEnd(12)}${manifest.title}. ${manifest.description}`)}\n` +
            `${''.padEnd(12)}×${manifest.scale}, ${variants.join(', ')}, licence ${printable(manifest.licence)}\n`,
        );
      }
      for (const problem of problems) process.stderr.write(`✗ ${printable(problem.message)}\n`);
      exit(problems.length > 0 ? EXIT.someFailed : EXIT.allDone);
    });
}
