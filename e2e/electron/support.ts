import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { temporaryFolder, writePicture } from '../../tests/support/pictures.ts';
import { DesktopApp } from './desktop-app.ts';
import { BUILT, installWithTestPage, remove } from './installation.ts';

/**
 * Whether the desktop shell can run over the stand-in: not where nothing is built (`npm run build`), and on Linux only,
 * whose processes and sockets are made use of.
 */
export const POSSIBLE = BUILT && process.platform === 'linux';

/** Installs Enlarger for the tests of a file; what it returns starts it for one of them. */
export function installed(): (
  options?: Partial<Parameters<typeof DesktopApp.start>[0]>,
) => Promise<DesktopApp> {
  let installation = '';
  beforeAll(async () => {
    if (POSSIBLE) installation = await installWithTestPage();
  });
  afterAll(() => remove(installation));
  return (options = {}) => DesktopApp.start({ installation, ...options });
}

/** A folder with one small picture. */
export async function onePicture(): Promise<{ folder: string; picture: string }> {
  const folder = await temporaryFolder();
  return { folder, picture: await writePicture(join(folder, 'a photo.png'), { width: 40, height: 30 }) };
}

/** Resolves when the page has its line to main. */
export function connected(app: DesktopApp): Promise<void> {
  return app.evaluate(async () => void (await window.test));
}

/** In the page: enlarges what was dropped, and resolves to what has become of it. */
async function enlargeDropped() {
  const { client, dropped, until } = await window.test;
  const [offered] = await dropped;
  if (!offered) return undefined;
  const { id } = await client.batches.create({
    inputs: [offered.input],
    out: { kind: 'kept' },
    recipe: { variant: 'fp32', tile: 32 },
  });
  await until(({ batches }) => batches?.some((batch) => batch.id === id && batch.state === 'done') ?? false);
  const [file] = await client.batches.files({ batchId: id });
  return { batchId: id, fileId: file?.id ?? 0, target: file?.result?.target ?? '', name: offered.name };
}

/** Drops `path` on the page and enlarges it. */
export async function dropAndEnlarge(app: DesktopApp, path: string) {
  await connected(app);
  await app.do('drop', { paths: [path] });
  const result = await app.evaluate(enlargeDropped);
  if (!result) throw new Error('Nothing was dropped.');
  return result;
}
