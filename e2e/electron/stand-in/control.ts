import { once } from 'node:events';
import { app } from './app.ts';
import { BrowserWindow } from './browser-window.ts';
import { choose, logged, loggedAfter } from './log.ts';
import { grants } from './session.ts';
import { menus, nativeTheme, press } from './system.ts';
import type { StandInContents, StandInFrame } from './web-contents.ts';

/** What a test may do with the application from outside: what a user, or the system, would. */
const commands = {
  evaluate: async ({ source, arg }: { source: string; arg: unknown }) => {
    const page = await (await contents()).page();
    return page.evaluate(`(${source})(${JSON.stringify(arg)})`);
  },
  drop: async ({ paths }: { paths: string[] }) => (await contents()).drop(paths),
  choose: ({ paths }: { paths: string[] }) => choose(paths),
  press: ({ keys, paths }: { keys: string; paths: string[] }) => press(keys, paths),
  log: ({ what }: { what: string }) => logged(what),
  logAfter: ({ what, count }: { what: string; count: number }) => loggedAfter(what, count),
  menus: () => menus(),
  theme: () => nativeTheme.themeSource,
  grants: ({ permission }: { permission: string }) => grants(permission),
  windows: () => BrowserWindow.getAllWindows().length,
  blur: async () => (await BrowserWindow.opened()).blur(),
  moveTo: async (bounds: { x: number; y: number; width: number; height: number }) =>
    (await BrowserWindow.opened()).setBounds(bounds),
  close: async () => {
    const window = await BrowserWindow.opened();
    const closed = once(window, 'closed');
    window.close();
    await closed;
  },
  quit: () => app.quit(),
  /** Resolves when the page has been loaded the next time. */
  nextLoad: async () => {
    await (await (await contents()).page()).waitForEvent('load');
  },
  crash: async () => {
    const crashing = await contents();
    await crashing.page();
    const gone = once(crashing, 'render-process-gone');
    crashing.forcefullyCrashRenderer();
    await gone;
  },
  /** A process beside the page has died. */
  processGone: (details: { type: string; reason: string }) => {
    app.emit('child-process-gone', {}, details);
  },
  activate: () => {
    app.emit('activate', {}, false);
  },
  openFile: ({ path }: { path: string }) => {
    app.emit('open-file', { preventDefault: () => {} }, path);
  },
  forge: async ({ frame, channel, args }: { frame: StandInFrame | null; channel: string; args: unknown[] }) =>
    (await contents()).forge(frame, channel, args),
  ownFrame: async () => (await contents()).mainFrame,
};

export type Commands = typeof commands;

/** Does what the test says on the line that Node has put between its process and this one. */
export function answerTest(): void {
  process.on('message', async ({ id, name, input }: { id: number; name: keyof Commands; input: unknown }) => {
    try {
      const output = await (commands[name] as (input: unknown) => unknown)(input);
      process.send?.({ id, output });
    } catch (error) {
      process.send?.({ id, failed: error instanceof Error ? error.message : String(error) });
    }
  });
}

async function contents(): Promise<StandInContents> {
  return (await BrowserWindow.opened()).webContents;
}
