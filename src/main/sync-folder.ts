import { open } from 'node:fs/promises';

/** Makes what happened to the names in `folder` durable. */
export async function syncFolder(folder: string): Promise<void> {
  // Windows cannot open folders; its file system journals names by itself.
  if (process.platform === 'win32') return;
  await using handle = await open(folder, 'r');
  await handle.sync();
}
