import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writePicture } from '../../tests/support/pictures.ts';
import { connected, installed, onePicture, POSSIBLE } from './support.ts';

const open = installed();

describe.runIf(POSSIBLE)('the desktop shell and the system around it, over the stand-in for Electron', () => {
  it('hands what a second instance is started with to the first', async () => {
    const { folder, picture } = await onePicture();
    const first = await open({ words: [folder] });
    const offered = (wanted: string) =>
      first.evaluate(async (path) => {
        const { client, until } = await window.test;
        const { offers = [] } = await until(
          (event) => event.offers?.some((one) => one.offered.some((it) => it.path === path)) ?? false,
        );
        const offer = offers.find((one) => one.offered.some((it) => it.path === path));
        return client.offers.take({ id: offer?.id ?? 0 });
      }, wanted);
    expect(await offered(folder)).toEqual([expect.objectContaining({ path: folder, kind: 'folder' })]);

    const second = await open({ state: first.state, words: ['--', 'a photo.png'], folder });
    expect(await second.exit).toEqual({ code: 0, signal: null });
    expect(await offered(picture)).toEqual([expect.objectContaining({ path: picture, kind: 'picture' })]);
    const opened = await writePicture(join(folder, 'opened.png'));
    await first.do('openFile', { path: opened });
    expect(await offered(opened)).toEqual([expect.objectContaining({ path: opened, kind: 'picture' })]);
    expect(await first.do('windows')).toBe(1);
    expect(await first.do('log', { what: 'recent' })).toEqual([folder, picture, opened]);
  });

  it('offers what its menu opens, tells the page what its menu asks for, and follows the settings', async () => {
    const app = await open({ environment: { STAND_IN_LANGUAGES: 'fr-FR,zh-Hans-CN,en' } });
    const { folder, picture } = await onePicture();
    await connected(app);
    expect(await app.do('menus')).toEqual(['文件', '编辑', '显示', '窗口', '帮助']);
    await app.do('press', { keys: 'CmdOrCtrl+O', paths: [picture] });
    await app.do('press', { keys: 'CmdOrCtrl+E', paths: [] });
    const heard = await app.evaluate(async () => {
      const { until } = await window.test;
      const { offers } = await until((event) => event.offers !== undefined);
      const { commands } = await until((event) => event.commands !== undefined);
      return [offers?.[0]?.offered[0]?.path, commands];
    });
    expect(heard).toEqual([picture, ['export']]);

    await app.do('choose', { paths: [folder] });
    const picked = await app.evaluate(async () => {
      const { client } = await window.test;
      const out = await client.pick.out();
      await client.settings.set({ theme: 'light', language: 'en' });
      const recent = await client.pick.recentOuts();
      return { out: out?.path, recent: recent.map(({ path }) => path), none: await client.pick.out() };
    });
    expect(picked).toEqual({ out: folder, recent: [folder], none: null });
    expect(await app.do('theme')).toBe('light');
    expect(await app.do('menus')).toEqual(['File', 'Edit', 'View', 'Window', 'Help']);
  });

  it('opens where it was left', async () => {
    const first = await open();
    await connected(first);
    const bounds = { x: 100, y: 50, width: 900, height: 700 };
    await first.do('moveTo', bounds);
    await first.do('close');
    expect(await first.exit).toEqual({ code: 0, signal: null });
    expect(JSON.parse(await readFile(join(first.state, 'window.json'), 'utf8'))).toEqual({
      bounds,
      maximised: false,
    });
    const second = await open({ state: first.state });
    expect(await second.do('logAfter', { what: 'window-opened', count: 1 })).toEqual([bounds]);
  });
});
