import { once } from 'node:events';
import { openBrowser } from './open-browser.ts';
import { startWeb, type WebOptions } from './start-web.ts';

/** Runs the web shell until the process is told to end (Ctrl-C). Prints its address, alone on one line. */
export async function runWeb({ open, ...options }: WebOptions & { open: boolean }): Promise<void> {
  const ended = new AbortController();
  const end = Promise.race([
    once(process, 'SIGINT', { signal: ended.signal }),
    once(process, 'SIGTERM', { signal: ended.signal }),
  ]);
  end.catch(() => {});
  // npm passes on what the terminal has sent already: the second one must not cut the closing short.
  const ignore = () => {};
  process.on('SIGINT', ignore).on('SIGTERM', ignore);
  try {
    await using web = await startWeb(options);
    process.stdout.write(`${web.address}\n`);
    if (open) openBrowser(web.address);
    await end;
  } finally {
    ended.abort();
    process.off('SIGINT', ignore).off('SIGTERM', ignore);
  }
}
