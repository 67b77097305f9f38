import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Input, Offered } from '../../../src/shared/contract/input.ts';
import { mediaUrl } from '../../../src/shared/contract/media.ts';
import { temporaryFolder, writePicture } from '../../support/pictures.ts';
import { Page, QUICK, startShell } from './web-page.ts';

/** The bytes of a picture unlike any other seed's. */
async function picture(seed: number): Promise<Buffer> {
  return readFile(await writePicture(join(await temporaryFolder(), 'a.png'), { seed }));
}

describe('a folder that is uploaded', () => {
  it('is mirrored by its results; files of one name in two folders stay two', async () => {
    const { web } = await startShell();
    const page = await Page.open(web);
    const listener = await page.listen();
    const lay = ['trip/day 1', 'trip/day 2', 'trip/day 1', undefined, undefined];
    const inputs: Input[] = [];
    for (const [index, folder] of lay.entries()) {
      inputs.push({ kind: 'upload', id: (await page.upload('a.png', await picture(index), folder)).id });
    }
    const batch = await page.client.batches.create({ inputs, out: { kind: 'kept' }, recipe: QUICK });
    await listener.batchIs(batch.id, 'done');
    const files = await page.client.batches.files({ batchId: batch.id });
    expect(files.map(({ folder, target }) => [folder, relative(batch.out, target ?? '')])).toEqual([
      [join('trip', 'day 1'), join('trip', 'day 1', 'a-x2.png')],
      [join('trip', 'day 2'), join('trip', 'day 2', 'a-x2.png')],
      [join('trip', 'day 1'), join('trip', 'day 1', 'a-x2 (2).png')],
      ['', 'a-x2.png'],
      ['', 'a-x2 (2).png'],
    ]);
    expect(
      (await readdir(batch.out, { recursive: true })).filter((name) => name.endsWith('.png')),
    ).toHaveLength(5);
    expect(
      (await page.get(mediaUrl('/media', { kind: 'upload', id: idOf(inputs[0]), side: 32 }))).status,
    ).toBe(200);
  });

  it('leads nowhere else, whatever its names are', async () => {
    const { web, state } = await startShell();
    const page = await Page.open(web);
    const names = [
      '../../evil',
      '/etc/cron.d',
      'C:\\Windows\\system32',
      'a/./b//c',
      'con/aux.txt',
      `${'é'.repeat(200)}/x`,
      ' / . / ',
      'x\0y/.hidden/end. ',
    ];
    const stored: string[] = [];
    for (const folder of names) {
      const { id } = await page.upload('a.png', Buffer.from('picture'), folder);
      const inside = await readdir(join(state, 'uploads', id), { recursive: true });
      stored.push(inside.find((path) => path.endsWith('a.png')) ?? '');
    }
    const [, , , , , long] = stored;
    expect(stored.toSpliced(5, 1)).toEqual([
      '_/_/evil/a.png',
      'etc/cron.d/a.png',
      'C_/Windows/system32/a.png',
      'a/b/c/a.png',
      '_con/_aux.txt/a.png',
      'a.png',
      'x_y/_hidden/end_/a.png',
    ]);
    expect(long).toMatch(/^é+\/x\/a\.png$/);
    for (const folder of [Array(33).fill('a').join('/'), Array(31).fill('x'.repeat(100)).join('/')]) {
      const answer = await page.post(`/upload?name=a.png&folder=${folder}`, Buffer.from('picture'));
      expect([answer.status, JSON.parse(String(answer.body)).code]).toEqual([400, 'bad-argument']);
    }
    const ids = await readdir(join(state, 'uploads'));
    expect(ids).toHaveLength(names.length);
    await page.client.uploads.discard({ ids });
    expect(await readdir(join(state, 'uploads'))).toEqual([]);
    expect(web.application.services.places.uploads?.bytes).toBe(0);
  });
});

function idOf(input: Input | undefined): string {
  return input?.kind === 'upload' ? input.id : '';
}

describe('what is named at the start', () => {
  it('is offered to the page that opens, and to one alone; what is missing is told', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'trip'));
    await writePicture(join(folder, 'a.png'), { seed: 1 });
    await writePicture(join(folder, 'trip', 'b.png'), { seed: 2 });
    const paths = ['a.png', 'trip', 'none.png'].map((name) => join(folder, name));
    const { web } = await startShell({ root: undefined, paths });
    const page = await Page.open(web);
    const listener = await page.listen();
    const [first] = listener.events;
    expect(first?.notices).toEqual([{ id: 1, message: expect.stringContaining(join(folder, 'none.png')) }]);
    const offered = first?.offers?.[0]?.offered as Offered[];
    expect(offered.map(({ name, path, kind }) => [name, path, kind])).toEqual([
      ['a.png', join(folder, 'a.png'), 'picture'],
      ['trip', join(folder, 'trip'), 'folder'],
    ]);
    const id = first?.offers?.[0]?.id as number;
    expect(await page.client.offers.take({ id })).toEqual(offered);
    expect(await page.client.offers.take({ id })).toEqual([]);
    const later = await (await Page.open(web)).listen();
    expect(later.events[0]?.offers).toBeUndefined();

    const [token, folderToken] = offered.map(({ input }) => (input.kind === 'token' ? input.token : '')) as [
      string,
      string,
    ];
    expect((await page.get(mediaUrl('/media', { kind: 'token', token, side: 32 }))).status).toBe(200);
    const batch = await page.client.batches.create({
      inputs: offered.map(({ input }) => input),
      out: { kind: 'token', token: folderToken },
      recipe: QUICK,
    });
    await listener.batchIs(batch.id, 'partial', 'done');
    expect((await readdir(join(folder, 'trip'))).sort()).toEqual(['a-x2.png', 'b.png']);
  });

  it('is told to a page that is open already', async () => {
    const { web, root } = await startShell();
    const listener = await (await Page.open(web)).listen();
    await web.application.offer([root]);
    const { offers } = await listener.until((event) => event.offers !== undefined);
    expect(offers?.[0]?.offered).toMatchObject([{ name: 'root', path: root, kind: 'folder' }]);
  });
});
