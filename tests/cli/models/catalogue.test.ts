import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { addCatalogueCommands } from '../../../src/cli/models/catalogue-command.ts';
import { readCatalogue } from '../../../src/main/catalogue/catalogue-file.ts';
import { catalogueFile } from '../../../src/main/installation.ts';
import type { Download } from '../../../src/shared/contract/catalogue.ts';
import { openCatalogue } from '../../main/catalogue/catalogue-bench.ts';
import {
  breaksOff,
  entryFor,
  modelHost,
  type Reply,
  someBytes,
  whole,
} from '../../main/catalogue/model-host.ts';
import { collected } from '../in-process.ts';
import { enlarger } from '../support.ts';

const BYTES = someBytes(200_000);

/** Runs `models ...` over a catalogue whose one model is at `replies`. */
async function offering(replies: [Reply, ...Reply[]], allowed = true) {
  const { address, asked } = await modelHost(...replies);
  let tell: (download: Download) => void = () => {};
  const bench = await openCatalogue([entryFor(address, BYTES)], {
    allowed: () => allowed,
    limits: { breaks: 1 },
    tell: (download) => tell(download),
  });
  const run = async (...words: string[]) => {
    const exits: number[] = [];
    const program = new Command().exitOverride();
    addCatalogueCommands(
      program,
      (code) => exits.push(code),
      async (listener) => {
        tell = listener;
        return { service: bench.service, [Symbol.asyncDispose]: async () => {} };
      },
    );
    let error: unknown;
    const written = await collected(() =>
      program.parseAsync(words, { from: 'user' }).catch((thrown: unknown) => {
        error = thrown;
      }),
    );
    return { exits, written, error };
  };
  return { ...bench, asked, run };
}

const linesOf = (written: string) =>
  written
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('models download', () => {
  it('says what it did, in words; and the second time that nothing was to do', async () => {
    const { run, asked } = await offering([whole(BYTES)]);
    expect(await run('download', 'tiny-x2', '--accept-licence')).toEqual({
      exits: [0],
      written: '✓ tiny-x2 is here now: enlarger enhance --model tiny-x2\n',
      error: undefined,
    });
    expect(await run('download', 'tiny-x2', '--accept-licence')).toEqual({
      exits: [0],
      written: '✓ tiny-x2 is here already: enlarger enhance --model tiny-x2\n',
      error: undefined,
    });
    expect(asked.length).toBe(1);
  });

  it('writes its progress as lines of JSON', async () => {
    const { run } = await offering([whole(BYTES)]);
    const { exits, written } = await run('download', 'tiny-x2', '--accept-licence', '--json');
    const lines = linesOf(written);
    expect(exits).toEqual([0]);
    expect(lines[0]).toEqual({
      ...{ event: 'progress', id: 'tiny-x2', state: 'downloading' },
      ...{ bytesDone: 0, bytesTotal: BYTES.length },
    });
    expect(lines.at(-1)).toEqual({ event: 'here', id: 'tiny-x2', already: false });
  });

  it('shows the licence and fetches nothing until it is accepted', async () => {
    const { run, asked } = await offering([whole(BYTES)]);
    const { exits, error } = await run('download', 'tiny-x2');
    expect([exits, error]).toEqual([
      [],
      expect.objectContaining({
        code: 'bad-argument',
        message: expect.stringMatching(/MIT \(https:\/\/example\.com\/licence\).*--accept-licence\.$/),
      }),
    ]);
    expect(asked).toEqual([]);
  });

  it('fails with what went wrong, and goes on where it was', async () => {
    const { run, asked } = await offering([breaksOff(BYTES, 100_000), whole(BYTES)]);
    const { exits, error } = await run('download', 'tiny-x2', '--accept-licence');
    expect([exits, error]).toEqual([[], expect.objectContaining({ code: 'download-failed' })]);
    expect(await run('download', 'tiny-x2', '--accept-licence')).toMatchObject({ exits: [0] });
    expect(asked[1]?.headers.range).toBe('bytes=100000-');
  });

  it('says that it failed also where that is over before anybody asks', async () => {
    const { run, service } = await offering([(_, answer) => answer.writeHead(404).end()]);
    const begin = service.download.bind(service);
    service.download = async (request) => {
      const begun = await begin(request);
      await service.ended(request.id);
      return begun;
    };
    const { exits, written, error } = await run('download', 'tiny-x2', '--accept-licence');
    expect([exits, written, error]).toEqual([[], '', expect.objectContaining({ code: 'not-found' })]);
  });

  it('stops at Ctrl-C, and keeps what has arrived', async () => {
    const stops: Reply = (_, answer) => {
      answer.writeHead(200, { etag: '"one"', 'content-length': BYTES.length });
      answer.write(BYTES.subarray(0, 100_000));
    };
    const { run, service, left } = await offering([stops]);
    const running = run('download', 'tiny-x2', '--accept-licence', '--json');
    for (let arrived = 0; arrived < 100_000; ) {
      await new Promise(setImmediate);
      arrived = (await service.list()).models[0]?.bytesDone ?? 0;
    }
    process.emit('SIGINT');
    const { exits, written } = await running;
    expect(exits).toEqual([3]);
    expect(linesOf(written).at(-1)).toEqual({ event: 'stopped', id: 'tiny-x2', bytesDone: 100_000 });
    expect(await left()).toEqual(['tiny-x2.json', 'tiny-x2.part']);
  });
});

it('models catalogue lists what there is, for people and for programs', async () => {
  const entries = await readCatalogue(catalogueFile());
  const [words, json] = await Promise.all([
    enlarger(['models', 'catalogue']),
    enlarger(['models', 'catalogue', '--json']),
  ]);
  expect([words.exit, words.stderr, json.exit, json.stderr]).toEqual([0, '', 0, '']);
  const listed = words.stdout.split('\n').filter((line) => /^\S/.test(line));
  expect(listed.map((line) => line.split(' ')[0])).toEqual(entries.map(({ id }) => id));
  expect(words.stdout).toMatch(/^ +×4, 17\.3 MB, licence CC-BY-4\.0 \(https:\/\/\S+\)$/m);
  expect(linesOf(json.stdout)).toMatchObject(
    entries.map(({ id }) => ({ id, state: 'absent', bytesDone: 0 })),
  );
});

it.each([
  [
    'an unknown model',
    ['nope', '--accept-licence'],
    2,
    /^✗ There is no model 'nope' in the catalogue\. .+\n$/,
  ],
  [
    'no accepted licence',
    ['sub-pixel-cnn-x3'],
    2,
    /^✗ sub-pixel-cnn-x3: its licence is Apache-2\.0 .+--accept-licence\.\n$/,
  ],
  [
    'no network',
    ['sub-pixel-cnn-x3', '--accept-licence', '--offline'],
    3,
    /^✗ sub-pixel-cnn-x3: not downloaded\. .+\n$/,
  ],
])('exit codes: %s', async (_, words, code, message) => {
  const { exit, stdout, stderr } = await enlarger(['models', 'download', ...words]);
  expect([exit, stdout, stderr]).toEqual([code, '', expect.stringMatching(message)]);
});
