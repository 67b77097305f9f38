import { expect, it, onTestFinished } from 'vitest';
import { intakeOf } from '../../../src/main/catalogue/model-intake.ts';
import { ModelLibrary } from '../../../src/main/models/model-library.ts';
import { compact } from '../../support/networks/real-esrgan.ts';
import { openStore } from '../models/store/opened-store.ts';
import { openCatalogue } from './catalogue-bench.ts';
import { entryFor, modelHost, whole } from './model-host.ts';

/** A catalogue of one model, whose downloads go to a real store. */
async function openInstalling(bytes: Uint8Array) {
  const { store, folders, inside } = await openStore();
  const models = await ModelLibrary.open(folders);
  onTestFinished(() => models[Symbol.dispose]());
  const { address } = await modelHost(whole(bytes));
  const entry = entryFor(address, bytes, { conventions: { range: [0, 1], channelOrder: 'RGB' } });
  const bench = await openCatalogue([entry], { intake: intakeOf({ store, models }) });
  return { ...bench, models, inside };
}

it('a download becomes a model of the user, with what the catalogue says of it', async () => {
  const { download, models, left, service } = await openInstalling(compact());
  expect(await download()).toMatchObject({ state: 'done' });
  expect(models.get('tiny-x2').manifest).toMatchObject({
    ...{ id: 'tiny-x2', title: 'Tiny', description: 'Two times larger.', task: 'upscale' },
    ...{ licence: 'MIT', source: 'https://example.com/tiny' },
  });
  expect((await service.list()).models).toMatchObject([{ state: 'here' }]);
  expect(await left()).toEqual([]);
});

it('a file that is no network is named, and nothing of it is kept', async () => {
  const { download, inside, left } = await openInstalling(Buffer.from('<html>Please log in</html>'));
  expect(await download()).toMatchObject({
    state: 'failed',
    error: { code: 'model-invalid', message: expect.stringMatching(/tiny-x2\.onnx/) },
  });
  expect([await inside(), await left()]).toEqual([[], []]);
});
