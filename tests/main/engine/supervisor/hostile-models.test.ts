import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { childProcessHost, engineEntry } from '../../../../src/main/engine/child-process-host.ts';
import { deathOf } from '../../../../src/main/engine/supervisor/engine-death.ts';
import { REQUEST_LIMITS } from '../../../../src/main/engine/supervisor/request-limits.ts';
import type { SupervisionLimits } from '../../../../src/main/engine/supervisor/supervision-limits.ts';
import { EnlargerError } from '../../../../src/shared/errors.ts';
import { sessionKey } from '../../../../src/shared/plan.ts';
import { planFor } from '../../../support/models.ts';
import { mutate } from '../../../support/mutate.ts';
import {
  BOOL,
  graph,
  graphAttribute,
  INT64,
  int64s,
  model,
  node,
  PICTURE,
  tensor,
  tensorAttribute,
  UINT8,
  valueInfo,
} from '../../../support/onnx.ts';
import { randomNumbers } from '../../../support/pictures.ts';
import { supervised } from './support.ts';

const COUNT = 500;
/** Bytes at the beginning of a shipped model, where its nodes are. */
const NODES = 2500;
/** Bytes that an engine may take here: a network that wants more must not take them from other programs. */
const MEMORY = 4e9;

const plan = planFor({ tile: 8 });

/** An engine that loads models, each from its bytes, its hash that of the bytes; and what becomes of them. */
async function loading(limits: Partial<SupervisionLimits> = {}) {
  const host = childProcessHost(engineEntry(), { quiet: true });
  const { supervisor, folder } = await supervised(host, { deaths: COUNT, ...limits });
  const limitMemory = () => {
    if (process.platform !== 'linux') return;
    execFileSync('prlimit', [`--pid=${supervisor.pid}`, `--data=${MEMORY}`]);
  };
  limitMemory();
  supervisor.onGeneration(limitMemory);
  const { tile, scale, receptiveRadius } = plan;
  let number = 0;
  const load = async (bytes: Uint8Array): Promise<EnlargerError | 'session'> => {
    const file = join(folder, `${number++}.onnx`);
    await writeFile(file, bytes);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const session = { ...plan.shallow, file, sha256 };
    try {
      await supervisor.request('loadSession', { session, tile, scale, receptiveRadius });
      await supervisor.request('unloadSession', { key: sessionKey(session) });
      return 'session';
    } catch (error) {
      if (!(error instanceof EnlargerError)) throw error;
      expect(error).toMatchObject({ file, message: expect.stringContaining(file) });
      return error;
    } finally {
      await rm(file);
    }
  };
  return { supervisor, load };
}

it('a network that wants absurdly much memory, which only running it tells, fails and leaves the engine', async () => {
  const { supervisor, load } = await loading();
  const zero = tensor('', UINT8, [1], { raw: new Uint8Array(1) });
  const error = await load(
    model({
      initialisers: [int64s('factors', [1, 2 ** 20, 2 ** 20, 1])],
      nodes: [
        node('Shape', { inputs: ['image'], outputs: ['shape'] }),
        node('Mul', { inputs: ['shape', 'factors'], outputs: ['huge'] }),
        node('ConstantOfShape', {
          inputs: ['huge'],
          outputs: ['result'],
          attributes: [tensorAttribute('value', zero)],
        }),
      ],
    }),
  );
  expect(error).toMatchObject({ code: 'out-of-memory' });
  expect(await load(await readFile(plan.shallow.file))).toBe('session');
  expect(supervisor.state).toMatchObject({ state: 'ready', generation: 1 });
});

it('a network that never ends is ended with its engine, and the next engine works', async () => {
  const { supervisor, load } = await loading({
    interval: 50,
    requests: { ...REQUEST_LIMITS, loadSession: 10_000 },
  });
  const body = graph({
    nodes: [
      node('Identity', { inputs: ['go'], outputs: ['goOn'] }),
      node('Identity', { inputs: ['before'], outputs: ['after'] }),
    ],
    inputs: [valueInfo('turn', INT64, []), valueInfo('go', BOOL, []), valueInfo('before', UINT8, PICTURE)],
    outputs: [valueInfo('goOn', BOOL, []), valueInfo('after', UINT8, PICTURE)],
  });
  const error = await load(
    model({
      initialisers: [
        int64s('turns', [2n ** 63n - 1n]),
        tensor('true', BOOL, [], { raw: new Uint8Array([1]) }),
      ],
      nodes: [
        node('Loop', {
          inputs: ['turns', 'true', 'image'],
          outputs: ['result'],
          attributes: [graphAttribute('body', body)],
        }),
      ],
    }),
  );
  expect(deathOf(error)).toMatchObject({ generation: 1, cause: 'hung' });
  expect(await load(await readFile(plan.shallow.file))).toBe('session');
  expect(supervisor.state).toMatchObject({ state: 'ready', generation: 2 });
});

/** One to four bits turned over where the nodes are: most of what becomes of it is still in the shape of a model. */
function flipped(original: Buffer, seed: number): Buffer {
  const random = randomNumbers(seed);
  const bytes = Buffer.from(original);
  for (let flips = 1 + Math.floor(random() * 4); flips > 0; flips--) {
    const at = Math.floor(random() * NODES);
    bytes[at] = (bytes[at] as number) ^ (1 << Math.floor(random() * 8));
  }
  return bytes;
}

it(`${COUNT} models gone bad each end as a session, in a typed error, or with an engine that is replaced`, async () => {
  const { supervisor, load } = await loading();
  const plans = [planFor({ variant: 'int8' }), plan];
  const [quantised, plain] = (await Promise.all(plans.map(({ shallow }) => readFile(shallow.file)))) as [
    Buffer,
    Buffer,
  ];
  const counted = { session: 0, inspected: 0, runtime: 0, died: 0 };
  for (let seed = 0; seed < COUNT; seed++) {
    const [original, other] = seed % 4 < 2 ? [quantised, plain] : [plain, quantised];
    const bytes = seed % 2 ? mutate(original, other, seed).bytes : flipped(original, seed);
    const end = await load(bytes);
    const death = deathOf(end);
    expect(death?.cause, `seed ${seed}`).not.toBe('hung');
    if (end === 'session') counted.session += 1;
    else if (death) counted.died += 1;
    else if (/this is not a model that Enlarger can use/.test(end.message)) counted.inspected += 1;
    else counted.runtime += 1;
  }
  expect(counted.died).toBe(supervisor.state.generation - 1);
  // Each must come: mutations that never or always matter would prove nothing.
  expect(Math.min(counted.session, counted.inspected, counted.runtime)).toBeGreaterThan(COUNT / 20);
  expect(await load(plain)).toBe('session');
}, 300_000);
