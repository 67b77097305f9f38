import type { MediaRequest } from '../../shared/contract/media.ts';
import { pictureUrl } from './media.ts';

/** Has the browser save what `request` stands for. */
export function download(request: MediaRequest): void {
  const link = document.createElement('a');
  link.href = pictureUrl(request);
  link.download = '';
  link.click();
}
