import { join } from 'node:path';
import { EnlargerError } from '../../../shared/errors.ts';
import { Application } from '../../application/application.ts';
import { resultsFolder, webPlaces } from '../../application/places.ts';
import { RootFolder } from '../../application/root-folder.ts';
import type { ApplicationOptions } from '../../application/services.ts';
import { TokenStore } from '../../application/token-store.ts';
import { type UploadLimits, UploadStore } from '../../application/upload-store.ts';
import { installationFolder, stateFolder } from '../../installation.ts';
import { WebServer } from './web-server.ts';

export interface WebOptions extends Omit<ApplicationOptions, 'shell' | 'places'> {
  /** Folder that may be browsed, read from and written to; none where absent. */
  root?: string | undefined;
  /** Any that is free where absent. */
  port?: number | undefined;
  /** Folder of the page; that of this installation unless told. */
  renderer?: string;
  /** Pictures and folders that the page is to be offered. */
  paths?: readonly string[];
  uploads?: Partial<UploadLimits>;
}

/** The web shell, as it runs. Disposing of it pauses what is in work, to go on at the next start. */
export interface RunningWeb extends AsyncDisposable {
  /** What a browser is to be sent to first. */
  address: string;
  /** Scheme, host and port. */
  origin: string;
  application: Application;
}

/** Starts the web shell. Throws `not-found` for a root that is none, `bad-argument` for a port that is taken. */
export async function startWeb(options: WebOptions = {}): Promise<RunningWeb> {
  const { root: rootPath, port = 0, state = stateFolder(), uploads: limits } = options;
  const stack = new AsyncDisposableStack();
  try {
    const root = rootPath === undefined ? undefined : await RootFolder.open(rootPath);
    const uploads = await UploadStore.open(join(state, 'uploads'), limits);
    const tokens = new TokenStore();
    const places = webPlaces({ root, uploads, tokens, results: resultsFolder(state) });
    const application = stack.use(await Application.start({ ...options, state, shell: 'web', places }));
    const renderer = options.renderer ?? join(installationFolder(), 'out', 'renderer');
    const server = stack.use(await listen({ application, renderer, port }));
    await application.offer(options.paths ?? []);
    if (application.services.settings.get().resumeAtStart) await application.resumeUnfinished();
    const { address, origin } = server;
    const running = stack.move();
    return { address, origin, application, [Symbol.asyncDispose]: () => running.disposeAsync() };
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}

async function listen(options: Parameters<typeof WebServer.start>[0]): Promise<WebServer> {
  return WebServer.start(options).catch((error: NodeJS.ErrnoException) => {
    const taken =
      error.code === 'EADDRINUSE' ? 'is taken by another program' : `cannot be used (${error.message})`;
    const advice = 'Choose another --port, or leave it out.';
    throw new EnlargerError('bad-argument', `--port ${options.port}: ${taken}. ${advice}`, { cause: error });
  });
}
