import { describe, expect, it } from 'vitest';
import { connected, installed, onePicture, POSSIBLE } from './support.ts';

const open = installed();

describe.runIf(POSSIBLE)('the page of the desktop shell, over the stand-in for Electron', () => {
  it('opens a window whose page has a line to main, a bridge, and nothing of Node', async () => {
    const app = await open();
    const shown = await app.evaluate(async () => {
      const { client } = await window.test;
      const { shell, canReveal, canDragOut, canPickFolders } = await client.capabilities();
      const { enlarger } = window;
      const processes = async () => {
        for await (const { memory } of await client.metrics()) return memory.processes;
        return [];
      };
      const pages = (await processes()).filter(({ role }) => role === 'page');
      return {
        pages: pages.map(({ bytes }) => bytes),
        capabilities: { shell, canReveal, canDragOut, canPickFolders },
        bridge: Object.keys(enlarger ?? {}),
        frozen: Object.isFrozen(enlarger),
        node: ['require', 'process', 'module'].filter((name) => name in window),
      };
    });
    expect(shown).toEqual({
      pages: [1_024_000, 1_024_000],
      capabilities: { shell: 'desktop', canReveal: true, canDragOut: true, canPickFolders: true },
      bridge: ['connect', 'tokens'],
      frozen: true,
      node: [],
    });
    expect(await app.do('log', { what: 'page-error' })).toEqual([]);
    await app.do('quit');
    expect(await app.exit).toEqual({ code: 0, signal: null });
  });

  it('gives no token for what has no path, and nothing that cannot be cloned crosses the bridge', async () => {
    const app = await open();
    const answers = await app.evaluate(async () => {
      await window.test;
      const made = await window.enlarger?.tokens([new File(['x'], 'made-here.jpg')]);
      const text = await window.enlarger?.tokens(['/etc/passwd'] as never).catch((error) => error.message);
      const code = (() => {
        try {
          return window.enlarger?.tokens([(() => 1) as never]);
        } catch (error) {
          return (error as DOMException).name;
        }
      })();
      return { made, text, code };
    });
    expect(answers).toEqual({
      made: [],
      text: expect.stringMatching(/expected a File/),
      code: 'DataCloneError',
    });
  });

  it('serves the page and nothing beside it', async () => {
    const app = await open();
    const answers = await app.evaluate(async () => {
      const ask = async (path: string) => [path, (await fetch(path)).status] as const;
      const policy = (await fetch('/')).headers.get('content-security-policy');
      const paths = [
        '/client.js',
        '/..%2f..%2fpackage.json',
        '/%2e%2e/%2e%2e/package.json',
        '/..%5c..%5cpackage.json',
        '/media/%2e%2e%2f%2e%2e%2fpackage.json',
        '/.//etc/passwd',
        '/preload/index.cjs',
      ];
      return { policy, statuses: await Promise.all(paths.map(ask)) };
    });
    expect(answers.policy).toContain("default-src 'self'");
    expect(answers.statuses.map(([, status]) => status)).toEqual([200, 404, 404, 404, 404, 404, 404]);
  });

  it('goes nowhere, opens nothing, fetches nothing and is granted nothing', async () => {
    const app = await open();
    await app.evaluate(async () => {
      await window.test;
      document.title = 'still here';
      location.assign('https://example.com/');
    });
    await app.do('logAfter', { what: 'navigation', count: 1 });
    await app.evaluate(() => void window.open('https://example.com/'));
    await app.do('logAfter', { what: 'window', count: 1 });
    const fetched = await app.evaluate(() =>
      fetch('https://example.com/').then(
        () => 'fetched',
        () => 'refused',
      ),
    );
    await app.evaluate(() => {
      const frame = document.createElement('iframe');
      frame.src = '/';
      document.body.append(frame);
    });
    expect(await app.do('logAfter', { what: 'navigation', count: 2 })).toEqual([
      { url: 'https://example.com/', prevented: true },
      { url: 'app://enlarger/', prevented: true },
    ]);
    expect(await app.do('log', { what: 'window' })).toEqual([
      { url: 'https://example.com/', action: 'deny' },
    ]);
    expect([fetched, await app.evaluate(() => document.title), await app.do('windows')]).toEqual([
      'refused',
      'still here',
      1,
    ]);
    expect(await app.do('log', { what: 'network' })).toEqual([]);
    for (const permission of ['notifications', 'media', 'clipboard-read', 'fileSystem']) {
      expect(await app.do('grants', { permission })).toBe(false);
    }
  });

  it('answers its own page only', async () => {
    const app = await open();
    const { picture } = await onePicture();
    await connected(app);
    const own = await app.do('ownFrame');
    const forged = [
      { ...own, origin: 'https://example.com' },
      { ...own, frameTreeNodeId: own.frameTreeNodeId + 1, parent: own },
      { ...own, frameTreeNodeId: own.frameTreeNodeId + 1 },
      null,
    ];
    const ask = (frame: typeof own | null) =>
      app.do('forge', { frame, channel: 'enlarger:tokens', args: [[picture]] });
    for (const frame of forged) await expect(ask(frame)).rejects.toThrow(/only Enlarger's own page/i);
    expect(await ask(own)).toEqual([expect.objectContaining({ name: 'a photo.png', kind: 'picture' })]);
  });
});
