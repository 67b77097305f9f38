import { useState } from 'react';
import { download } from '../components/download.ts';
import { useClient } from '../stores/session-store.ts';
import { useAttempt } from '../stores/use-attempt.ts';
import type { Choice } from './use-choice.ts';

/** Begins an export; `starting` until main has taken it up. */
export function useStart({ request, target }: Pick<Choice, 'request' | 'target'>) {
  const client = useClient();
  const attempt = useAttempt();
  const [starting, setStarting] = useState(false);
  const start = async () => {
    if (!request || !target) return;
    const { fileIds, batchIds } = request;
    setStarting(true);
    await attempt(async () => {
      const { id } = await client.exports.create({
        what: fileIds ? { kind: 'files', fileIds } : { kind: 'batches', batchIds },
        to: target,
      });
      if (target.kind === 'download') download({ kind: 'export', id });
    });
    setStarting(false);
  };
  return { start, starting, ready: request !== undefined && target !== undefined && !starting };
}
