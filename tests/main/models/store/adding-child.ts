import promises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { basename } from 'node:path';
import { childProcessHost, engineEntry } from '../../../../src/main/engine/child-process-host.ts';
import { modelFolders } from '../../../../src/main/installation.ts';
import { ModelStore } from '../../../../src/main/models/store/model-store.ts';
import { hashFile } from '../../../../src/main/worker/hash-file.ts';

/**
 * A program that adds its first argument to the models of the state folder that its second names, and kills itself at the
 * moment that its third names: once the file is copied (`hash`), once an engine has been asked to do something, or before or
 * after something gets the name `NAME` (`before:NAME`, `after:NAME`).
 */
const [file = '', state = '', fatal = ''] = process.argv.slice(2);
const die = () => process.kill(process.pid, 'SIGKILL');
const { rename } = promises;
promises.rename = async (from, to) => {
  if (fatal === `before:${basename(String(to))}`) die();
  await rename(from, to);
  if (fatal === `after:${basename(String(to))}`) die();
};
syncBuiltinESMExports();
const host = childProcessHost(engineEntry(), { quiet: true });
const store = await ModelStore.open({
  folders: modelFolders(state),
  host: {
    ...host,
    start: () => {
      const link = host.start();
      const send: typeof link.send = (message) => {
        link.send(message);
        if (message.request === fatal) die();
      };
      return { ...link, send };
    },
  },
  jobs: { batches: async () => [] },
  hash: async (path) => {
    if (fatal === 'hash') die();
    return hashFile(path);
  },
});
await store.add({ path: file });
