import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { modelHost } from '../main/catalogue/model-host.ts';
import { Page } from '../main/shells/web-page.ts';
import { makePictures, QUICK } from './support.ts';

/** What the system's own calls say: nothing in the program could hide from them. */

const PROGRAM = join(import.meta.dirname, '..', '..', 'src', 'cli', 'index.ts');
const STRACE = ['-f', '-e', 'trace=connect,sendto,sendmsg,sendmmsg'];
/** Traced, and beside other tests, everything takes its time. */
const TIMEOUT = 240_000;
const NO_STRACE = 'strace is not there or may not trace (Linux)';

const isTraceable = () =>
  spawnSync('strace', [...STRACE, '-o', '/dev/null', process.execPath, '--version']).status === 0;

/**
 * What a trace has calls to beyond this machine, each as it stands there. A question for a name leaves it also where it goes
 * to a resolver on this machine: at port 53, or at the sockets of nscd and systemd-resolved.
 */
function remoteAddresses(trace: string): string[] {
  const isHere = (address: string) => /inet_addr\("127\.|"::1"/.test(address) && !/htons\(53\)/.test(address);
  const resolvers = [...trace.matchAll(/\{sa_family=AF_UNIX, sun_path="[^"]*(?:nscd|resolve)[^"]*"\}/g)];
  return [
    ...addressesIn(trace).filter((address) => !isHere(address)),
    ...resolvers.map(([address]) => address),
  ];
}

/** Addresses of the internet's two families, this machine's own among them. */
function addressesIn(trace: string): string[] {
  return [...trace.matchAll(/\{sa_family=AF_INET6?, [^}]*\}/g)].map(([address]) => address);
}

interface Traced {
  exit: number | null;
  stdout: string;
  stderr: string;
  trace: string;
}

/** Starts a program under strace; `ended` resolves once it and all that it started are over. */
function startTraced(root: string, args: readonly string[], env: NodeJS.ProcessEnv) {
  const log = join(root, 'trace');
  const child = spawn('strace', [...STRACE, '-o', log, process.execPath, ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ENLARGER_HOME: join(root, 'home'), ...env },
    // To be ended as a whole: strace passes no signals on to what it traces.
    detached: true,
  });
  onTestFinished(() => {
    if (child.exitCode === null && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  });
  const closed = once(child, 'close');
  const ended = async (): Promise<Traced> => {
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
    const [exit] = await closed;
    return { exit, stdout, stderr, trace: await readFile(log, 'utf8') };
  };
  return { child, closed, ended, log };
}

const traced = (root: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) =>
  startTraced(root, args, env).ended();

/** A folder with a picture and settings, in which a program may be run. */
async function madeRoot(network: boolean): Promise<string> {
  const root = await makePictures(['a.jpg']);
  await mkdir(join(root, 'home'));
  await writeFile(join(root, 'home', 'settings.json'), JSON.stringify({ network }));
  return root;
}

it('the trace would show a connection, to this machine or to any other', async ({ skip }) => {
  skip(!isTraceable(), NO_STRACE);
  const { origin } = await modelHost((_, answer) => answer.end('here'));
  const root = await madeRoot(true);
  const script = `await fetch(${JSON.stringify(origin)})`;
  const { exit, trace } = await traced(root, ['--input-type=module', '--eval', script]);
  expect(exit).toBe(0);
  const [address = ''] = addressesIn(trace).filter((one) => one.includes(`htons(${new URL(origin).port})`));
  expect(address).toContain('inet_addr("127.0.0.1")');
  expect(remoteAddresses(trace)).toEqual([]);
  expect(remoteAddresses(trace.replaceAll('127.0.0.1', '192.0.2.1')).length).toBeGreaterThan(0);
});

it.for<[string, string, RegExp]>([
  ['of the system', "await fetch('https://example.invalid').catch(() => {})", /htons\(53\)|nscd|resolve/],
  [
    'on this machine',
    `import { Resolver } from 'node:dns/promises';
     const resolver = new Resolver({ timeout: 10, tries: 1 });
     resolver.setServers(['127.0.0.53']);
     await resolver.resolve4('example.invalid').catch(() => {});`,
    /htons\(53\), sin_addr=inet_addr\("127\.0\.0\.53"\)/,
  ],
])('a name that a resolver %s is asked for counts as traffic', async ([, script, resolver], { skip }) => {
  skip(!isTraceable(), NO_STRACE);
  const root = await madeRoot(true);
  const { exit, trace } = await traced(root, ['--input-type=module', '--eval', script]);
  expect(exit).toBe(0);
  expect(remoteAddresses(trace)).toContainEqual(expect.stringMatching(resolver));
});

describe.each([
  ['allowed', true],
  ['forbidden', false],
])('with the network %s', { timeout: TIMEOUT }, (_, network) => {
  it.for<[string, string[]]>([
    ['enhance', ['enhance', 'in', '--out', 'out', ...QUICK]],
    ['models', ['models']],
    ['models catalogue', ['models', 'catalogue']],
    ['doctor', ['doctor']],
  ])('%s asks nobody', async ([, words], { skip }) => {
    skip(!isTraceable(), NO_STRACE);
    const root = await madeRoot(network);
    const { exit, stdout, trace } = await traced(root, [PROGRAM, ...words]);
    expect([exit, stdout]).toEqual([0, expect.stringMatching(/./)]);
    expect(remoteAddresses(trace)).toEqual([]);
  });

  it('serve takes its own page, and asks nobody', async ({ skip }) => {
    skip(!isTraceable(), NO_STRACE);
    const root = await madeRoot(network);
    const words = ['serve', '--no-open', '--root', root];
    const { child, closed, log } = startTraced(root, [PROGRAM, ...words], {});
    const [address] = (await once(createInterface(child.stdout), 'line')) as [string];
    const page = await Page.open({ address, origin: new URL(address).origin });
    const listener = await page.listen();
    const { models, offline } = await page.client.catalogue.list();
    expect([models.length > 0, offline === null]).toEqual([true, network]);
    await page.client.models.list();
    const { id } = await page.client.batches.create({
      inputs: [{ kind: 'path', path: 'in' }],
      out: { kind: 'path', path: 'out' },
      recipe: { variant: 'fp32', tile: 32 },
    });
    await listener.batchIs(id, 'done');
    page.socket.terminate();
    // The tracer blocks the signal, and goes when what it traces has gone.
    process.kill(-Number(child.pid), 'SIGTERM');
    await closed;
    expect(remoteAddresses(await readFile(log, 'utf8'))).toEqual([]);
  });
});

it.for<[string, boolean, string[], NodeJS.ProcessEnv]>([
  ['the settings', false, [], {}],
  ['--offline', true, ['--offline'], {}],
  ['ENLARGER_OFFLINE', true, [], { ENLARGER_OFFLINE: '1' }],
])(
  'a download that %s forbid is refused before any socket is made',
  async ([, network, words, env], { skip }) => {
    skip(!isTraceable(), NO_STRACE);
    const root = await madeRoot(network);
    const download = ['models', 'download', 'sub-pixel-cnn-x3', '--accept-licence'];
    const { exit, stdout, stderr, trace } = await traced(root, [PROGRAM, ...download, ...words], env);
    expect([exit, stdout, stderr]).toEqual([
      3,
      '',
      expect.stringMatching(/^✗ sub-pixel-cnn-x3: not downloaded\. .+\n$/),
    ]);
    expect([...addressesIn(trace), ...remoteAddresses(trace)]).toEqual([]);
  },
);
