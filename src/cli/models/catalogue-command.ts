import type { Command } from 'commander';
import { SettingsFile } from '../../main/application/settings-file.ts';
import { readCatalogue } from '../../main/catalogue/catalogue-file.ts';
import type { CatalogueService } from '../../main/catalogue/catalogue-service.ts';
import { offeredModels } from '../../main/catalogue/offered-models.ts';
import { openCatalogue } from '../../main/catalogue/open-catalogue.ts';
import { catalogueFile, downloadsFolder, modelFolders, stateFolder } from '../../main/installation.ts';
import { ModelLibrary } from '../../main/models/model-library.ts';
import { ModelRegistry } from '../../main/models/model-registry.ts';
import { startMainWorker } from '../../main/worker/start-main-worker.ts';
import type { Download, OfferedModel } from '../../shared/contract/catalogue.ts';
import { EnlargerError } from '../../shared/errors.ts';
import { EXIT } from '../exit-codes.ts';
import { DownloadReport } from '../output/download-report.ts';
import { printable, printableJson } from '../output/printable.ts';
import { fileSize } from '../output/words.ts';
import { interruptible } from '../run-options.ts';
import { openStore } from './models-store.ts';

/** Opens what downloads; `tell` is told how far it is. */
type OpenDownloads = (
  tell: (download: Download) => void,
) => Promise<{ service: CatalogueService } & AsyncDisposable>;

/** Adds `models catalogue` and `models download` to the command `models`. */
export function addCatalogueCommands(
  models: Command,
  exit: (code: number) => void,
  open: OpenDownloads = openDownloads,
): void {
  models
    .command('catalogue')
    .description('list models that others offer, and that can be downloaded')
    .option('--json', 'one JSON object a line')
    .action(async ({ json }: { json?: true }) => {
      await list(json ?? false);
      exit(EXIT.allDone);
    });
  models
    .command('download')
    .description('download a model of the catalogue, and add it; a download that broke off goes on')
    .argument('<id>', "as 'enlarger models catalogue' lists it")
    .option('--accept-licence', 'you have read its licence and accept it', false)
    .option('--json', 'one JSON object a line instead of words')
    .action(async (id: string, flags: DownloadFlags) =>
      exit(await interruptible((signal) => download(id, flags, open, signal))),
    );
}

interface DownloadFlags {
  acceptLicence: boolean;
  json?: true;
}

async function list(json: boolean): Promise<void> {
  const { models } = await ModelRegistry.read(modelFolders());
  const entries = await readCatalogue(catalogueFile());
  const offered = await offeredModels(entries, {
    folder: downloadsFolder(),
    has: (id) => models.has(id),
  });
  const width = Math.max(...offered.map(({ id }) => id.length)) + 2;
  for (const model of offered) {
    process.stdout.write(json ? `${printableJson(model)}\n` : lines(model, width));
  }
}

function lines(model: OfferedModel, width: number): string {
  const { id, title, description, scale, bytes, licence, author, home, state, bytesDone } = model;
  const about = [`×${scale}`, fileSize(bytes), `licence ${licence.id} (${licence.text})`];
  if (state === 'here') about.push('here');
  if (state === 'partial') about.push(`${fileSize(bytesDone)} of it have arrived`);
  const indent = ''.padEnd(width);
  return [
    `${id.padEnd(width)}${title}. ${description}`,
    `${indent}${about.join(', ')}`,
    `${indent}by ${author}, ${home}`,
  ]
    .map((line) => `${printable(line)}\n`)
    .join('');
}

async function download(
  id: string,
  { acceptLicence, json }: DownloadFlags,
  open: OpenDownloads,
  signal: AbortSignal,
): Promise<number> {
  const { columns, isTTY } = process.stdout;
  const write = (text: string) => process.stdout.write(text);
  const report = new DownloadReport({ write, json: json ?? false, columns: isTTY ? columns : undefined });
  const goesOn = ({ state }: Download) => state === 'downloading' || state === 'checking';
  await using downloads = await open((now) => goesOn(now) && report.progress(now));
  const { service } = downloads;
  const { models } = await service.list();
  if (models.some((model) => model.id === id && model.state === 'here')) {
    report.here(id, true);
    return EXIT.allDone;
  }
  await service.download({ id, licenceAccepted: acceptLicence }).catch((error: unknown) => {
    if (!(error instanceof EnlargerError) || error.code !== 'licence-not-accepted') throw error;
    const advice = 'On the command line that is --accept-licence.';
    throw new EnlargerError('bad-argument', `${error.message} ${advice}`, { cause: error });
  });
  const stop = () => void service.cancel({ id, keep: true });
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();
  const end = await service.ended(id);
  signal.removeEventListener('abort', stop);
  if (end?.state === 'done') {
    report.here(id, false);
    return EXIT.allDone;
  }
  if (end?.state === 'cancelled') {
    report.stopped(end);
    return EXIT.nothingDone;
  }
  report.failed();
  throw end?.error
    ? EnlargerError.from(end.error)
    : new EnlargerError('internal', `${id}: the download did not say how it ended. Try again.`);
}

/** The catalogue that ships, for the models of this user. */
async function openDownloads(
  tell: (download: Download) => void,
): Promise<{ service: CatalogueService } & AsyncDisposable> {
  await using stack = new AsyncDisposableStack();
  const warn = (message: string) => process.stderr.write(`✗ ${printable(message)}\n`);
  const { store } = stack.use(await openStore(warn));
  const models = stack.use(await ModelLibrary.open(modelFolders()));
  const { settings, warning } = await SettingsFile.open(stateFolder());
  if (warning) warn(warning);
  const worker = startMainWorker();
  stack.defer(() => worker.close());
  const service = await openCatalogue({
    ...{ state: stateFolder(), store, models, tell },
    hash: (path) => worker.ask('hash', { path }),
    allowed: () => settings.get().network,
  });
  stack.defer(() => service.close());
  const kept = stack.move();
  return { service, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}
