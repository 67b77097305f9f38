import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, cp, mkdir, realpath, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { temporaryFolder } from './support/pictures.ts';

const START = join(import.meta.dirname, '..', 'bin', 'start.mjs');

const NOBODY = 65_534;

interface Installation {
  /** What out/main/web.js does; not built where absent. */
  web?: string;
  /** What Electron's installer does; no Electron where absent. */
  electron?: string;
  /** Lets root start it, where root runs the tests. */
  asRoot?: boolean;
  /** What follows `npm start --`. */
  words?: string[];
  /** What Electron itself does, as a program of Node's. */
  program?: string;
}

/** Runs a copy of `npm start`'s program in an installation of its own. */
async function start(
  { web, electron, program, asRoot = false, words = [] }: Installation,
  env: NodeJS.ProcessEnv = {},
) {
  const root = await temporaryFolder();
  await cp(START, join(root, 'bin', 'start.mjs'));
  await writeFile(join(root, 'package.json'), '{ "type": "module" }');
  if (web !== undefined) {
    await mkdir(join(root, 'out', 'main'), { recursive: true });
    await writeFile(join(root, 'out', 'main', 'web.js'), web);
  }
  if (electron !== undefined) {
    await mkdir(join(root, 'node_modules', 'electron'), { recursive: true });
    await writeFile(join(root, 'node_modules', 'electron', 'package.json'), '{ "name": "electron" }');
    await writeFile(join(root, 'node_modules', 'electron', 'install.js'), electron);
  }
  if (program !== undefined) {
    const path = join(root, 'node_modules', 'electron', 'program');
    await writeFile(path, `#!${process.execPath}\n${program}`);
    await chmod(path, 0o755);
    const index = join(root, 'node_modules', 'electron', 'index.js');
    await writeFile(index, `module.exports = ${JSON.stringify(path)};`);
  }
  const { DISPLAY: _, WAYLAND_DISPLAY: __, ...others } = process.env;
  await chmod(root, 0o755);
  const child = spawn(process.execPath, [join(root, 'bin', 'start.mjs'), ...words], {
    env: { ...others, ...env },
    ...(process.getuid?.() === 0 && !asRoot ? { uid: NOBODY, gid: NOBODY } : {}),
  });
  const closed = once(child, 'close');
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = await closed;
  return { code, stdout, stderr };
}

const WEB = "process.stdout.write('http://here/\\n');";

it.runIf(process.platform === 'linux')(
  'without a display the page opens in the browser, and one line says so',
  async () => {
    expect(await start({ web: WEB })).toEqual({
      code: 0,
      stdout: 'http://here/\n',
      stderr: 'Enlarger opens in the browser, not in a window: there is no display.\n',
    });
  },
);

it('where Electron cannot be had the page opens in the browser', async () => {
  const missing = await start({ web: WEB }, { DISPLAY: ':0' });
  const unfetched = await start({ web: WEB, electron: 'process.exit(1);' }, { DISPLAY: ':0' });
  expect([missing, unfetched].map(({ stdout, stderr }) => [stdout, stderr.split(': ')[1]])).toEqual([
    ['http://here/\n', 'Electron is not installed.\n'],
    ['http://here/\n', 'Electron is not installed and could not be fetched.\n'],
  ]);
});

it.runIf(process.platform === 'linux' && process.getuid?.() === 0)(
  'root gets the page in the browser',
  async () => {
    const { stdout, stderr } = await start({ web: WEB, asRoot: true }, { DISPLAY: ':0' });
    expect([stdout, stderr]).toEqual(['http://here/\n', expect.stringMatching(/administrator/)]);
  },
);

it('an installation that is not built says so', async () => {
  const { code, stderr } = await start({});
  expect([code, stderr]).toEqual([3, expect.stringMatching(/npm ci/)]);
});

it('what is named is handed on, from where npm was called', async () => {
  const folder = await temporaryFolder();
  await chmod(folder, 0o755);
  const web = 'process.stdout.write(JSON.stringify([process.cwd(), ...process.argv.slice(2)]));';
  const words = ['a.jpg', '--root', 'photos', '--no-open'];
  const { stdout } = await start({ web, words }, { npm_lifecycle_event: 'start', INIT_CWD: folder });
  expect(JSON.parse(stdout)).toEqual([await realpath(folder), ...words]);
});

it.skipIf(process.platform === 'win32')(
  'a window is given paths, and no options of the browser’s',
  async () => {
    const program = 'process.stdout.write(JSON.stringify(process.argv.slice(3)));';
    const words = ['--root', 'photos', 'a.jpg', '--no-open', '--', '--odd.jpg'];
    const { stdout } = await start({ web: WEB, electron: '', program, words }, { DISPLAY: ':0' });
    expect(JSON.parse(stdout)).toEqual([resolve('a.jpg'), resolve('--odd.jpg')]);
  },
);
