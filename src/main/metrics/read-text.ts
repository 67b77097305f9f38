import { readFile } from 'node:fs/promises';

/** What is in a file; '' where there is none, or it may not be read. */
export async function readText(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => '');
}
