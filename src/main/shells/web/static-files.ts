import type { ServerResponse } from 'node:http';
import { readPageFile } from '../page-files.ts';
import { begin, refuse } from './answers.ts';

/** Serves what a page is made of from `folder`, and nothing from outside it. `pathname` as it was asked for. */
export async function serveStatic(
  folder: string,
  pathname: string,
  response: ServerResponse,
  head: boolean,
): Promise<void> {
  const file = await readPageFile(folder, pathname);
  if (!file) return refuse(response, 404);
  begin(response, 200, { 'content-type': file.type, 'content-length': String(file.body.length) });
  response.end(head ? undefined : file.body);
}
