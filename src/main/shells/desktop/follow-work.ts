import type { EnlargerEvent } from '../../../shared/contract/events.ts';
import type { Application } from '../../application/application.ts';
import { BatchesInWork } from './batches-in-work.ts';
import type { MainWindow } from './main-window.ts';
import type { RecentFolders } from './recent-folders.ts';
import type { Words } from './words.ts';
import { WorkSigns } from './work-signs.ts';

interface Around {
  window: MainWindow;
  words: () => Words;
  recent: RecentFolders;
}

/** Follows the application's events, as a page does, and shows the work outside of the page. */
export function followWork(application: Application, around: Around): Disposable {
  const { events, places, shell } = application.services;
  const signs = new WorkSigns(() => around.window.current);
  const remember = ({ batches, exports }: EnlargerEvent) => {
    for (const batch of batches ?? []) {
      const foreign = batch.shell !== shell || batch.state !== 'running' || places.owns(batch.out);
      if (!foreign) around.recent.add(batch.out);
    }
    for (const { kind, state, target } of exports ?? []) {
      if (kind === 'folder' && state === 'done' && target !== null) around.recent.add(target);
    }
  };
  const ended = new AbortController();
  const watch = new BatchesInWork(shell);
  const follow = async () => {
    for await (const event of events.read(ended.signal)) {
      for (const batch of watch.take(event)) signs.tell(batch, around.words(), () => around.window.show());
      signs.show(watch.state);
      remember(event);
    }
  };
  // The journal has failed, and everybody else says so; there is nothing left to show.
  void follow().catch(() => {});
  return {
    [Symbol.dispose]: () => {
      ended.abort();
      signs.end();
    },
  };
}
