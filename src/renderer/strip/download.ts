import { download as save } from '../components/download.ts';

/** Has the browser save the result of a file. */
export function download(fileId: number): void {
  save({ kind: 'download', id: fileId });
}
