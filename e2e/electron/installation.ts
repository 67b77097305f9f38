import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'vite';

const ROOT = resolve(import.meta.dirname, '../..');

/** Whether there is anything to install: `npm run build` makes it. */
export const BUILT = existsSync(join(ROOT, 'out', 'main', 'index.js'));

/**
 * A folder in which Enlarger stands as it was built, its page excepted: there is that of these tests, so that what the real
 * page does with an offer or an event is out of the way. Who makes it removes it.
 */
export async function installWithTestPage(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'enlarger-desktop-'));
  const out = join(folder, 'out');
  await cp(join(ROOT, 'out', 'main'), join(out, 'main'), { recursive: true });
  await cp(join(ROOT, 'out', 'preload'), join(out, 'preload'), { recursive: true });
  for (const name of ['package.json', 'node_modules', 'resources']) {
    await symlink(join(ROOT, name), join(folder, name));
  }
  const renderer = join(out, 'renderer');
  await mkdir(renderer);
  await writeFile(
    join(renderer, 'index.html'),
    '<!doctype html><meta charset="utf-8"><title>Test</title><div id="root"></div><script type="module" src="/client.js"></script>',
  );
  await build({
    configFile: false,
    logLevel: 'warn',
    build: {
      outDir: renderer,
      emptyOutDir: false,
      rollupOptions: {
        input: join(import.meta.dirname, 'page', 'client.ts'),
        output: { entryFileNames: 'client.js' },
      },
    },
  });
  return folder;
}

/** Enlarger as it stands here, with its own page. */
export const INSTALLED = ROOT;

export function remove(folder: string): Promise<void> {
  return rm(folder, { recursive: true, force: true });
}
