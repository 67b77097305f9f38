import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { collectSources } from '../../../src/main/intake/collect-sources.ts';
import { temporaryFolder } from '../../support/pictures.ts';

/** A temporary folder with these files in it; a path that ends in `/` is an empty folder. */
export async function makeTree(paths: readonly string[]): Promise<string> {
  const root = await temporaryFolder();
  for (const path of paths) {
    const whole = join(root, path);
    await mkdir(path.endsWith('/') ? whole : dirname(whole), { recursive: true });
    if (!path.endsWith('/')) await writeFile(whole, path);
  }
  return root;
}

/**
 * What `inputs` below `root` stand for, paths relative to it: `[source, folder of its result]`, and
 * `[code, message]` of the problems.
 */
export async function collect(
  root: string,
  inputs: readonly string[],
  { recursive = false, out = 'out' } = {},
): Promise<{ sources: [string, string][]; problems: [string, string][] }> {
  const intake = await collectSources(
    inputs.map((input) => join(root, input)),
    { recursive, out: join(root, out) },
  );
  return {
    sources: intake.sources.map(({ path, folder }) => [relative(root, path), folder]),
    problems: intake.problems.map(({ code, message }) => [code, message.replaceAll(`${root}/`, '')]),
  };
}
