import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, symlink, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from './support/pictures.ts';

const LAUNCHER = join(import.meta.dirname, '..', 'bin', 'enlarger.mjs');
const NEW_NODE = process.execPath;

/** The machine's own Node, if it is too old to run Enlarger. */
async function findOldNode(): Promise<string | undefined> {
  const folders = (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => !folder.includes('node_modules'));
  for (const folder of folders) {
    const node = join(folder, process.platform === 'win32' ? 'node.exe' : 'node');
    const version = await promisify(execFile)(node, ['-p', 'process.versions.node'])
      .then(({ stdout }) => Number.parseInt(stdout, 10))
      .catch(() => Number.POSITIVE_INFINITY);
    if (version < 24) return node;
  }
  return undefined;
}

const OLD_NODE = await findOldNode();

interface Installation {
  /** What out/main/cli.js does; not built where absent. */
  program?: string;
  /** Whether node_modules holds a Node that is new enough. */
  ownNode?: boolean;
}

/** A copy of the launcher in an installation of its own; resolves to its folder. */
async function install({ program, ownNode = false }: Installation): Promise<string> {
  const root = await temporaryFolder();
  await cp(LAUNCHER, join(root, 'bin', 'enlarger.mjs'));
  await writeFile(join(root, 'package.json'), '{ "type": "module" }');
  if (program !== undefined) {
    await mkdir(join(root, 'out', 'main'), { recursive: true });
    await writeFile(join(root, 'out', 'main', 'cli.js'), program);
  }
  if (ownNode) {
    const bin = join(root, 'node_modules', 'node', 'bin');
    await mkdir(bin, { recursive: true });
    await symlink(NEW_NODE, join(bin, 'node'));
  }
  return root;
}

async function launch(node: string, root: string, ...args: string[]) {
  const child = spawn(node, [join(root, 'bin', 'enlarger.mjs'), ...args]);
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const closed = once(child, 'close');
  const [stdout, stderr] = await Promise.all([child.stdout.toArray(), child.stderr.toArray()]);
  const [code, signal] = await closed;
  return { exit: signal ?? code, stdout: stdout.join(''), stderr: stderr.join('') };
}

const TELL = `
process.stdout.write(JSON.stringify({ node: process.versions.node, args: process.argv.slice(2) }));
process.exitCode = 7;
`;

const notBuilt = (root: string) => ({
  exit: 3,
  stdout: '',
  stderr: `✗ Enlarger is not built yet. Run 'npm ci' in ${root} first.\n`,
});

describe('the launcher', () => {
  it('says what to do when nothing is built', async () => {
    const root = await install({});
    expect(await launch(NEW_NODE, root, '--version')).toEqual(notBuilt(root));
  });

  it('runs the program with its arguments and passes its exit code on', async () => {
    const root = await install({ program: TELL });
    const { exit, stdout, stderr } = await launch(NEW_NODE, root, 'enhance', 'a photo.jpg', '--out=x');
    expect([exit, JSON.parse(stdout), stderr]).toEqual([
      7,
      { node: process.versions.node, args: ['enhance', 'a photo.jpg', '--out=x'] },
      '',
    ]);
  });

  it.skipIf(process.platform === 'win32')(
    'finds its installation when it is called through a link',
    async () => {
      const root = await install({ program: TELL });
      const link = join(await temporaryFolder(), 'enlarger');
      await symlink(join(root, 'bin', 'enlarger.mjs'), link);
      const { stdout } = await promisify(execFile)(NEW_NODE, [link, 'models']).catch(
        (error: { stdout: string }) => error,
      );
      expect(JSON.parse(stdout)).toMatchObject({ args: ['models'] });
    },
  );
});

describe.skipIf(!OLD_NODE)('the launcher under an old Node (where the machine has one)', () => {
  const oldNode = OLD_NODE as string;

  it('says what to do when nothing is built', async () => {
    const root = await install({});
    expect(await launch(oldNode, root)).toEqual(notBuilt(root));
  });

  it('says which Node is needed when there is none', async () => {
    const root = await install({ program: TELL });
    expect(await launch(oldNode, root)).toEqual({
      exit: 3,
      stdout: '',
      stderr: expect.stringMatching(
        /^✗ Enlarger needs Node 24 or newer, and this is Node \d+\.\d+\.\d+\.\n$/,
      ),
    });
  });

  it('uses the one that was installed with it', async () => {
    const root = await install({ program: TELL, ownNode: true });
    const { exit, stdout, stderr } = await launch(oldNode, root, 'enhance', 'a photo.jpg');
    expect([exit, JSON.parse(stdout), stderr]).toEqual([
      7,
      { node: process.versions.node, args: ['enhance', 'a photo.jpg'] },
      '',
    ]);
  });

  it.each([
    ['SIGTERM', "process.on('SIGTERM', () => process.exit(1));", 1],
    ['SIGTERM', '', 128 + 15],
  ] as const)('passes %s on and reports what came of it', async (signal, answer, exit) => {
    const wait = `${answer} process.stdout.write('ready\\n'); setInterval(() => {}, 60_000);`;
    const root = await install({ program: wait, ownNode: true });
    const child = spawn(oldNode, [join(root, 'bin', 'enlarger.mjs')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const closed = once(child, 'close');
    await once(createInterface(child.stdout), 'line');
    child.kill(signal);
    expect(await closed).toEqual([exit, null]);
  });
});
