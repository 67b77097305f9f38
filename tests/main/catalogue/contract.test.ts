import { expect, it } from 'vitest';
import { errorOf } from '../../../src/shared/contract/error.ts';
import { Page, startShell } from '../shells/web-page.ts';

it('a page sees the catalogue, and is told why nothing is fetched', async () => {
  const { web } = await startShell();
  const { client } = await Page.open(web);
  const { offline, models } = await client.catalogue.list();
  const [first] = models;
  expect([offline, first]).toEqual([
    null,
    expect.objectContaining({ state: 'absent', bytesDone: 0, licence: expect.any(Object) }),
  ]);
  const id = first?.id ?? '';
  const failure = async (call: Promise<unknown>) =>
    call.then(
      () => undefined,
      (error: unknown) => errorOf(error).code,
    );
  expect(await failure(client.catalogue.download({ id, licenceAccepted: false }))).toBe(
    'licence-not-accepted',
  );
  expect(await failure(client.catalogue.download({ id: 'nope', licenceAccepted: true }))).toBe(
    'bad-argument',
  );
  expect(await client.settings.set({ network: false })).toMatchObject({ network: false });
  expect(await failure(client.catalogue.download({ id, licenceAccepted: true }))).toBe('offline');
  expect((await client.catalogue.list()).offline).toMatch(/settings/);
  await client.catalogue.cancel({ id, keep: false });
});
