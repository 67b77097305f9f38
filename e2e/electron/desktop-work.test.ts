import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readPicture, temporaryFolder, writePicture } from '../../tests/support/pictures.ts';
import { childrenOf, ended } from './process-watch.ts';
import { connected, dropAndEnlarge, installed, onePicture, POSSIBLE } from './support.ts';

const open = installed();

describe.runIf(POSSIBLE)(
  'work in the desktop shell, over the stand-in for Electron',
  { timeout: 120_000 },
  () => {
    it('enlarges what is dropped on it, and shows the work outside of the page', async () => {
      const app = await open();
      const { picture } = await onePicture();
      await app.do('blur');
      const { target, fileId, name } = await dropAndEnlarge(app, picture);

      expect([name, (await readPicture(target)).width]).toEqual(['a photo.png', 80]);
      await app.evaluate(async (id) => {
        const { client } = await window.test;
        await client.files.reveal({ fileId: id });
        await client.files.dragOut({ fileIds: [id] });
      }, fileId);
      expect(await app.do('log', { what: 'reveal' })).toEqual([target]);
      expect(await app.do('log', { what: 'drag' })).toEqual([{ file: target, files: [target] }]);

      await app.do('logAfter', { what: 'asleep', count: 1 });
      const progress = (await app.do('log', { what: 'progress' })) as { progress: number; mode: string }[];
      expect(progress.map(({ mode }) => mode)).toContain('normal');
      expect(progress.at(-1)).toEqual({ progress: -1, mode: 'none' });
      expect(await app.do('log', { what: 'awake' })).toEqual([{ type: 'prevent-app-suspension' }]);
      expect(await app.do('log', { what: 'notification' })).toEqual([
        { title: expect.any(String), body: '1 picture is enlarged.' },
      ]);

      const media = await app.evaluate(async (id) => {
        const address = `/media/result?id=${id}&side=64`;
        const first = await fetch(address);
        const size = (await createImageBitmap(await first.blob())).width;
        const head = await fetch(address, { method: 'HEAD' });
        const etag = first.headers.get('etag') ?? '';
        const again = await fetch(address, { headers: { 'if-none-match': etag } });
        const post = await fetch(address, { method: 'POST' });
        const none = await fetch('/media/result?id=999999&side=64');
        return [first.status, size, head.status, again.status, post.status, none.status];
      }, fileId);
      expect(media).toEqual([200, 64, 200, 304, 405, 404]);
    });

    it('comes back with what it showed after a reload and after a crash, and asks when it crashes for ever', async () => {
      const app = await open();
      const { picture } = await onePicture();
      const { batchId } = await dropAndEnlarge(app, picture);
      const batches = () =>
        app.evaluate(async () => {
          const { client } = await window.test;
          return (await client.batches.list({})).map(({ id, state }) => ({ id, state }));
        });
      const loaded = app.do('nextLoad');
      await app.evaluate(() => location.reload());
      await loaded;
      expect(await batches()).toEqual([{ id: batchId, state: 'done' }]);
      const restored = app.do('nextLoad');
      await app.do('processGone', { type: 'GPU', reason: 'crashed' });
      await restored;
      for (let crash = 0; crash < 2; crash++) {
        await app.do('crash');
        expect(await batches()).toEqual([{ id: batchId, state: 'done' }]);
      }
      expect(await app.do('log', { what: 'message' })).toEqual([]);
      await app.do('choose', { paths: ['0'] });
      await app.do('crash');
      expect(await batches()).toEqual([{ id: batchId, state: 'done' }]);
      expect(await app.do('log', { what: 'message' })).toHaveLength(1);
    });

    it('leaves no engine behind when it is killed', async () => {
      const app = await open();
      const { picture } = await onePicture();
      await dropAndEnlarge(app, picture);
      const { pid = 0 } = app.process;
      const engines = childrenOf(pid, 'engine.js');
      expect(engines).toHaveLength(1);
      app.process.kill('SIGKILL');
      await Promise.all(engines.map(ended));
      expect((await app.exit).signal).toBe('SIGKILL');
    });

    it('goes on by itself, at the next start, with what it was killed over', async () => {
      const first = await open();
      const folder = await temporaryFolder();
      for (let n = 0; n < 8; n++) {
        await writePicture(join(folder, `${n}.png`), { width: 96, height: 72 });
      }
      await connected(first);
      await first.do('drop', { paths: [folder] });
      const batchId = await first.evaluate(async () => {
        const { client, dropped, until } = await window.test;
        const [offered] = await dropped;
        if (!offered) throw new Error('Nothing was dropped.');
        const recipe = { variant: 'fp32', tile: 32 } as const;
        const { id } = await client.batches.create({
          inputs: [offered.input],
          out: { kind: 'kept' },
          recipe,
        });
        await until(({ files }) => files?.some(({ state }) => state === 'done') ?? false);
        return id;
      });
      first.process.kill('SIGKILL');
      await first.exit;

      const second = await open({ state: first.state });
      const files = await second.evaluate(async (id) => {
        const { client, until } = await window.test;
        const { state } = await client.batches.get({ batchId: id });
        if (state !== 'done') {
          await until(
            ({ batches }) => batches?.some((one) => one.id === id && one.state === 'done') ?? false,
          );
        }
        return (await client.batches.files({ batchId: id })).map((file) => file.result?.target ?? '');
      }, batchId);
      expect(files).toHaveLength(8);
      for (const target of files) expect((await readPicture(target)).width).toBe(192);
    });

    it('as on macOS: engines are utility processes, and the application outlives its window', async () => {
      const app = await open({ environment: { STAND_IN_PLATFORM: 'darwin' } });
      const { picture } = await onePicture();
      const { target } = await dropAndEnlarge(app, picture);
      expect((await stat(target)).size).toBeGreaterThan(0);
      expect(childrenOf(app.process.pid ?? 0, 'parent-port')).toHaveLength(1);
      expect(await app.do('menus')).toEqual(['Enlarger', 'File', 'Edit', 'View', 'Window']);
      await app.do('close');
      expect(await app.do('windows')).toBe(0);
      await app.do('activate');
      const shell = () => window.test.then(async ({ client }) => (await client.capabilities()).shell);
      expect(await app.evaluate(shell)).toBe('desktop');
    });
  },
);
