import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { answering, askQuestions } from '../../../src/cli/models/models-questions.ts';
import { setting } from '../../../src/cli/models/models-values.ts';
import type { ModelQuestion } from '../../../src/shared/probing.ts';
import { compactNetwork } from '../../engine/quantisation/networks.ts';
import { compact } from '../../support/networks/real-esrgan.ts';
import { enlarger, filesIn, linesOf, makePictures, sha256Of } from '../support.ts';

/** Six programs, most of them with an engine: more than a busy machine does in the usual time. */
const LONG = 180_000;

/** A folder with the file `Mine_x3.onnx`, a picture, and a state of its own. */
async function withNetwork() {
  const root = await makePictures(['a.png']);
  const home = join(root, 'home');
  const bytes = compactNetwork({ width: 4, layers: 1, scale: 3 });
  await writeFile(join(root, 'Mine_x3.onnx'), bytes);
  const run = (...args: string[]) => enlarger(args, { cwd: root, env: { ENLARGER_HOME: home } });
  return { root, run, bytes, added: () => filesIn(join(home, 'models')) };
}

describe('models add', () => {
  it('makes a model of a file, which pictures are enlarged with', { timeout: LONG }, async () => {
    const { root, run, bytes, added } = await withNetwork();
    const hint = await run('enhance', 'in', '--out', 'out', '--model', 'Mine_x3.onnx');
    expect([hint.exit, hint.stderr]).toEqual([2, expect.stringMatching(/enlarger models add/)]);
    const words = await run('models', 'add', 'Mine_x3.onnx', '--title', 'Mine', '--licence', 'MIT');
    expect([words.exit, words.stderr]).toEqual([0, '']);
    expect(words.stdout).toMatch(/^✓ mine-x3 {2}Mine\. Enlarges pictures 3 times\.\n/);
    expect(words.stdout).toMatch(/ Taken: .+ enlarger models edit mine-x3 --set range=/);
    expect(await added()).toEqual([
      ...['mine-x3/findings.json', 'mine-x3/manifest.json', 'mine-x3/mine-x3.fp32.onnx'],
    ]);
    const again = await run('models', 'add', 'Mine_x3.onnx', 'none.onnx', '--json');
    expect([again.exit, linesOf(again.stdout)]).toMatchObject([
      3,
      [
        { event: 'failed', file: 'Mine_x3.onnx', error: { code: 'collision' } },
        { event: 'failed', file: 'none.onnx', error: { code: 'not-found' } },
      ],
    ]);
    const listed = await run('models', '--json');
    expect(linesOf(listed.stdout).at(-1)).toMatchObject({
      ...{ id: 'mine-x3', origin: 'added', licence: 'MIT', scale: 3 },
      variants: [{ entries: [{ sha256: sha256Of(bytes) }] }],
    });
    const made = await run('enhance', 'in', '--out', 'out', '--model', 'mine-x3', '--tile', '64');
    expect([made.exit, await filesIn(join(root, 'out'))]).toEqual([0, ['a-x3.png']]);
  });

  it('and what is known of it is shown, changed and removed', { timeout: LONG }, async () => {
    const { run, added } = await withNetwork();
    const [line] = linesOf((await run('models', 'add', 'Mine_x3.onnx', '--id', 'm', '--json')).stdout);
    expect(line).toMatchObject({ event: 'added', model: { id: 'm' }, assumed: [{ question: 'range' }] });
    expect((await run('models')).stdout).toMatch(
      /^m +Mine x3\. [^\n]+\n +×3, fp32 \(\d+ kB\), licence unknown, added$/m,
    );
    const tile = ['--set', 'title=Better', '--set', 'tile=32x48'];
    const edited = await run('models', 'edit', 'm', ...tile, '--json');
    expect(linesOf(edited.stdout)).toMatchObject([{ title: 'Better', tile: { cpu: [32, 48] } }]);
    const shown = await run('models', 'show', 'm');
    expect(shown.stdout).toMatch(/^scale +3 \(measured\)$/m);
    expect(shown.stdout).toMatch(/^tile +\[32,48\] \(set\)$/m);
    const wrong = await run('models', 'edit', 'm', '--set', 'scale=2');
    expect([wrong.exit, wrong.stderr]).toEqual([3, expect.stringMatching(/^✗ m: The network's output/)]);
    expect((await run('models', 'remove', 'm')).exit).toBe(0);
    expect(await added()).toEqual([]);
  });

  it('says before it begins what it cannot do', { timeout: LONG }, async () => {
    const root = await makePictures([]);
    const env = { ENLARGER_HOME: join(root, 'home') };
    const exits = [];
    for (const args of [
      ['add', 'a.onnx', '--id', 'No Id'],
      ['add', 'a.onnx', 'b.onnx', '--id', 'a'],
      ['add', 'a.onnx', '--range', 'wide'],
      ['add', 'a.onnx', '--answer', 'weather=fine'],
      ['add', '.'],
      ['edit', 'photo-x2', '--set', 'weather=fine'],
      ['edit', 'photo-x2', '--set', 'title=x'],
      ['remove', 'photo-x2'],
      ['show', 'none'],
    ]) {
      exits.push((await enlarger(['models', ...args], { cwd: root, env })).exit);
    }
    expect(exits).toEqual([2, 2, 2, 2, 2, 2, 3, 3, 2]);
    expect(await filesIn(join(root, 'home', 'models'))).toEqual([]);
  });
});

it('a number beside the picture: what was taken is said, with what can be done, and can be answered', {
  timeout: LONG,
}, async () => {
  const { root, run } = await withNetwork();
  await writeFile(join(root, 'dn.onnx'), compact({ denoise: true, more: [['dn', 1, [1]]] }));
  const taken = await run('models', 'add', 'dn.onnx');
  expect([taken.exit, taken.stdout]).toEqual([
    0,
    expect.stringMatching(
      / Taken: .+ enlarger models remove dn, and add it again with --answer strength=… \(one of: upwards, downwards, /,
    ),
  ]);
  await run('models', 'remove', 'dn');
  const answered = await run('models', 'add', 'dn.onnx', '--answer', 'strength=downwards', '--json');
  expect(linesOf(answered.stdout)).toMatchObject([
    {
      event: 'added',
      model: { strength: { from: 1, to: 0 } },
      assumed: expect.not.arrayContaining([{ question: 'strength' }]),
    },
  ]);
});

describe('what is set', () => {
  it.each([
    ['title=123', { title: '123' }],
    ['title=a=b', { title: 'a=b' }],
    ['scale=4', { scale: 4 }],
    ['range=-1..1', { range: [-1, 1] }],
    ['range=0,255', { range: [0, 255] }],
    ['tile=64x96', { tile: [64, 96] }],
    ['fixed=any', { fixed: null }],
    ['exact=false', { exact: false }],
    ['padding=same', { padding: 'same' }],
    ['padding=14', { padding: 14 }],
    ['strength=0.5', { strength: 0.5 }],
  ])('%s', (words, change) => expect(setting(words)).toEqual(change));

  it.each([
    'range=1..1',
    'tile=8x8',
    'tile=9000x64',
    'scale',
    'scale=',
    'scale=many',
    'id=other',
    'range=1',
    'strength=2',
    '__proto__=1',
  ])('%s is refused', (words) =>
    expect(() => setting(words)).toThrow(expect.objectContaining({ code: 'commander.invalidArgument' })),
  );

  it('comes together', () => {
    expect(setting('scale=2', setting('title=A'))).toEqual({ title: 'A', scale: 2 });
  });
});

describe('questions', () => {
  it('are answered beforehand', () => {
    expect(answering('strength=upwards', answering('range=0..255'))).toEqual({
      ...{ range: '0..255', strength: 'upwards' },
    });
    for (const wrong of ['strength', 'strength=', 'weather=fine', '__proto__=1']) {
      expect(() => answering(wrong)).toThrow(expect.objectContaining({ code: 'commander.invalidArgument' }));
    }
  });

  const question = (id: ModelQuestion['id']): ModelQuestion => ({
    ...{ id, text: 'Which?', default: 'b' },
    choices: ['a', 'b', 'c'].map((value) => ({ value, label: `${value}\u001b[2J`, changes: {} })),
  });
  const ask = async (lines: string) => {
    const input = new PassThrough();
    const output = new PassThrough();
    const { signal } = new AbortController();
    const asked = askQuestions(
      ['range', 'task', 'strength'].map((id) => question(id as 'range')),
      { input, output },
      signal,
    );
    input.end(lines);
    const answers = await asked;
    output.end();
    return { answers, shown: await text(output) };
  };

  it('are answered by number, by value, or by an empty line; nonsense is asked again', async () => {
    const { answers, shown } = await ask('1\n9\nc\n\n');
    expect(answers).toEqual({ range: 'a', task: 'c', strength: 'b' });
    expect(shown).toMatch(/1 {2}a\ufffd\[2J\n/);
  });

  it('take what is usual where nobody answers', async () => {
    expect((await ask('')).answers).toEqual({ range: 'b', task: 'b', strength: 'b' });
  });
});
