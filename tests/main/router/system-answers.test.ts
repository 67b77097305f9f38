import { expect, it } from 'vitest';
import { errorOf } from '../../../src/shared/contract/error.ts';
import { Page, startShell } from '../shells/web-page.ts';

it('a browser has no dialogs, file manager or drags, and is told so', async () => {
  const { web } = await startShell();
  const { client } = await Page.open(web);
  const { canPickFolders, canReveal, canDragOut } = await client.capabilities();
  expect([canPickFolders, canReveal, canDragOut]).toEqual([false, false, false]);
  const calls = [
    client.pick.pictures(),
    client.pick.folders(),
    client.pick.out(),
    client.pick.recentOuts(),
    client.files.reveal({ fileId: 1 }),
    client.files.dragOut({ fileIds: [1] }),
  ];
  const answers = await Promise.allSettled(calls);
  const codes = answers.map((answer) => answer.status === 'rejected' && errorOf(answer.reason).code);
  expect(codes).toEqual(calls.map(() => 'bad-argument'));
});
