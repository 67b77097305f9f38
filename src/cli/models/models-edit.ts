import type { Command } from 'commander';
import type { ModelChange } from '../../shared/contract/models.ts';
import { EXIT } from '../exit-codes.ts';
import { printable, printableJson } from '../output/printable.ts';
import { interruptible } from '../run-options.ts';
import { modelObject } from './models-object.ts';
import { openStore } from './models-store.ts';
import { setting } from './models-values.ts';

const warn = (message: string) => process.stderr.write(`✗ ${printable(message)}\n`);

/** Adds `models edit`, which changes what the manifest of an added model says. */
export function addModelsEdit(models: Command, exit: (code: number) => void): void {
  models
    .command('edit')
    .description('change what is known of a model that was added; it is tried before it counts')
    .argument('<id>')
    .requiredOption('--set <key=value>', 'such as title=Portraits or range=0..255; may be repeated', setting)
    .option('--json', 'its manifest as it is then')
    .action(async (id: string, { set, json }: { set: ModelChange; json?: true }) =>
      exit(
        await interruptible(async (signal) => {
          await using opened = await openStore(warn);
          const model = await opened.store.change(id, set, signal);
          const line = json ? printableJson(modelObject(model)) : `✓ ${id}  changed`;
          process.stdout.write(`${line}\n`);
          return EXIT.allDone;
        }),
      ),
    );
}

/** Adds `models remove`. */
export function addModelsRemove(models: Command, exit: (code: number) => void): void {
  models
    .command('remove')
    .description('remove a model that was added')
    .argument('<id>')
    .action(async (id: string) => {
      await using opened = await openStore(warn);
      await opened.store.remove(id);
      process.stdout.write(`✓ ${printable(id)}  removed\n`);
      exit(EXIT.allDone);
    });
}
