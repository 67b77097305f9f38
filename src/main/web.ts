import { EnlargerError } from '../shared/errors.ts';
import { runWeb } from './shells/web/run-web.ts';
import { webArguments } from './shells/web/web-arguments.ts';

/** Exit codes are those of the command line. */
try {
  await runWeb(webArguments(process.argv.slice(2)));
} catch (error) {
  process.stderr.write(`✗ ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof EnlargerError && error.code === 'bad-argument' ? 2 : 3;
}
