import { resolve } from 'node:path';
import type { Command } from 'commander';
import { EXIT } from './exit-codes.ts';
import { wholeNumber } from './run-options.ts';

interface Flags {
  root?: string;
  port?: number;
  open: boolean;
}

/** Adds `serve`, which opens Enlarger in a browser. */
export function addServeCommand(program: Command, exit: (code: number) => void): void {
  program
    .command('serve')
    .description('open Enlarger in a browser, for this machine only')
    .argument('[paths...]', 'pictures and folders that the page is to begin with')
    .option('--root <dir>', 'a folder that the page may read pictures from and write results to', (path) =>
      resolve(path),
    )
    .option('--port <n>', 'port on 127.0.0.1 (default: any that is free)', wholeNumber(1, 65_535))
    .option('--no-open', 'print the address, and leave opening it to you')
    .action(async (paths: string[], flags: Flags) => {
      // Only here: the other commands start sooner without a server's code.
      const { runWeb } = await import('../main/shells/web/run-web.ts');
      await runWeb({ ...flags, paths: paths.map((path) => resolve(path)) });
      exit(EXIT.allDone);
    });
}
