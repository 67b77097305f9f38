import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Input } from '../../../src/shared/contract/input.ts';
import { compactNetwork } from '../../engine/quantisation/networks.ts';
import { divided, writeDivided } from '../../support/networks/divided.ts';
import { temporaryFolder, writePicture } from '../../support/pictures.ts';
import { Page, startShell } from '../shells/web-page.ts';

const network = divided(compactNetwork({ width: 4, layers: 1, scale: 2 }));

it('models are listed among what may be chosen, behind folders and pictures', async () => {
  const { web, root } = await startShell();
  const { client } = await Page.open(web);
  await mkdir(join(root, 'z'));
  await writePicture(join(root, 'p.png'));
  await writeDivided(root, network, 'a.ONNX');
  await writeFile(join(root, '.hidden.onnx'), '');
  await mkdir(join(root, 'folder.onnx'));
  const outside = await writeDivided(await temporaryFolder(), network);
  await symlink(outside, join(root, 'link.onnx'));
  const { entries } = await client.browse({});
  expect(entries).toMatchObject([
    { kind: 'folder', path: 'folder.onnx' },
    { kind: 'folder', path: 'z' },
    { kind: 'picture', path: 'p.png' },
    { kind: 'model', name: 'a.ONNX', path: 'a.ONNX', bytes: network.onnx.length },
  ]);
});

it('weights beside a model are found where it lies, and not beside an upload', {
  timeout: 180_000,
}, async () => {
  const { web, root } = await startShell();
  const page = await Page.open(web);
  const { models } = page.client;
  await mkdir(join(root, 'nets'));
  const file = await writeDivided(join(root, 'nets'), network, 'Mine.onnx');
  const upload = await page.upload('Mine.onnx', await readFile(file));
  await expect(models.examine({ source: { kind: 'upload', id: upload.id } })).rejects.toMatchObject({
    data: { code: 'model-invalid', file: 'Mine.onnx' },
    message: expect.stringMatching(
      /"network\.onnx\.data", which did not come with it\)\. Add it where both lie in one folder/,
    ),
  });
  // Behind a link that leads out of what may be browsed, nothing is looked for.
  const other = await temporaryFolder();
  await writeDivided(other, network);
  await symlink(file, join(other, 'back.onnx'));
  await symlink(other, join(root, 'away'));
  await expect(models.examine({ source: { kind: 'path', path: 'away/back.onnx' } })).rejects.toMatchObject({
    message: expect.stringMatching(/did not come with it/),
  });
  const { input } = await web.application.services.places.tokens.offer(file);
  const found = [];
  for (const source of [{ kind: 'path', path: 'nets/Mine.onnx' }, input] as Input[]) {
    found.push(await models.examine({ source }));
  }
  expect(found[0]).toMatchObject({ findings: { scale: 2, converted: {} }, manifest: { id: 'mine' } });
  expect(found[1]).toEqual(found[0]);
});
