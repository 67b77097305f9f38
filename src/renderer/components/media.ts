import { type MediaRequest, mediaUrl } from '../../shared/contract/media.ts';

/** The address of a picture, in either shell: both serve the page and its pictures from one origin. */
export function pictureUrl(request: MediaRequest): string {
  return mediaUrl('/media', request);
}
