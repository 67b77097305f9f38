import type { DragEvent } from 'react';
import type { FileRecord } from '../../shared/jobs.ts';
import { baseName } from '../components/file-names.ts';
import { pictureUrl } from '../components/media.ts';
import { useLibrary } from '../stores/library-store.ts';
import { useSessionStore } from '../stores/session-store.ts';
import { useView } from '../stores/view-store.ts';
import { MIME_TYPES } from './file-facts.ts';

/**
 * A result is dragged out of the window: with all results that are selected where the shell can do that, by itself as
 * a download in a browser.
 */
export function dragOut(event: DragEvent, { id, result, format }: FileRecord): void {
  const { session } = useSessionStore.getState();
  if (!session || !result || !format) return;
  if (session.capabilities.canDragOut) {
    event.preventDefault();
    const { selected } = useView.getState();
    const { files } = useLibrary.getState();
    const done = [...selected].filter(
      (photo) => typeof photo === 'number' && files.get(photo)?.state === 'done',
    );
    const fileIds = selected.has(id) ? (done as number[]) : [id];
    // The system says what becomes of a drag.
    session.client.files.dragOut({ fileIds }).catch(() => {});
    return;
  }
  const address = new URL(pictureUrl({ kind: 'download', id }), window.location.href);
  event.dataTransfer.effectAllowed = 'copy';
  event.dataTransfer.setData('DownloadURL', `${MIME_TYPES[format]}:${baseName(result.target)}:${address}`);
}
