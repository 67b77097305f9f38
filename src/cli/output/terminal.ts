import { relative } from 'node:path';
import type { FileEvent } from '../../main/batch/file-event.ts';
import { printable } from './printable.ts';
import type { Beginning, Progress, Reporter, Summary } from './reporter.ts';
import { counted, duration, fileSize } from './words.ts';

export interface Terminal {
  write(text: string): void;
  /** Columns; undefined where the output is not a terminal. */
  columns: number | undefined;
}

/** Changes that everybody wants, and that are no news: stored upright, a thumbnail of the result, who wrote it. */
const EXPECTED: ReadonlySet<string> = new Set(['orientation', 'thumbnail', 'software']);

const BAR = 24;
const ERASE_LINE = '\r\u001b[2K';

/** For people: a line for each file, and below them one that shows how far everything is. */
export class TerminalReporter implements Reporter {
  readonly #terminal: Terminal;
  #bar = '';

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  started({ files, skipped, notes = [], refused, plan, again }: Beginning): void {
    for (const error of refused) this.#line(`✗ ${error.message}`);
    for (const [reason, count] of countedBy(skipped)) {
      this.#line(`– ${counted(count, 'picture')} left out: ${reason}`);
    }
    if (!again && files + skipped.length + refused.length === 0) {
      this.#line('– No pictures there. Folders inside folders are entered with --recursive.');
    }
    for (const [note, count] of notes) this.#line(`– ${counted(count, 'picture')}: ${note}`);
    if (files > 0) {
      this.#line(`Enlarging ${counted(files, 'picture')} with ${plan.modelId} (${plan.shallow.variant})`);
    }
  }

  warn(message: string): void {
    this.#line(`! ${message}`);
  }

  file(event: FileEvent): void {
    const { file } = event;
    if (event.state === 'done') {
      const { width, height, bytes, milliseconds, fidelity, notes } = event.result;
      const time = Object.values(milliseconds).reduce((sum, part) => sum + part, 0);
      const facts = `${width}×${height}, ${fileSize(bytes)}, ${duration(time)}`;
      this.#line(`✓ ${relative(process.cwd(), event.target)}  ${facts}`);
      for (const { what, became, why } of fidelity) {
        if (became !== 'kept' && !(became === 'changed' && EXPECTED.has(what)))
          this.#line(`  ${what} ${became}: ${why}`);
      }
      for (const note of notes) this.#line(`  ${note}`);
    } else if (event.state === 'failed') {
      this.#line(`✗ ${event.error.message}`);
    } else if (event.state === 'skipped') {
      this.#line(`– ${relative(process.cwd(), file.target ?? file.source)}: ${event.reason}`);
    } else if (event.state === 'retried') {
      this.#line(`↻ ${file.source}: is tried again (${event.reason})`);
    }
  }

  obstacle(reason: string | undefined): void {
    this.#line(reason ? `… ${reason}` : '… Work goes on.');
  }

  interrupted(batchId: number): void {
    this.#line(`– Stopped. 'enlarger resume ${batchId}' goes on with it.`);
  }

  progress(progress: Progress): void {
    const { columns } = this.#terminal;
    if (columns === undefined) return;
    this.#bar = progressLine(progress).slice(0, columns - 1);
    this.#terminal.write(`${ERASE_LINE}${this.#bar}`);
  }

  finished({ done, failed, skipped, cancelled, milliseconds, megapixels }: Summary): void {
    this.#bar = '';
    const others = [
      [failed, 'failed'],
      [skipped, 'skipped'],
      [cancelled, 'cancelled'],
    ] as const;
    const counts = others.filter(([count]) => count > 0).map(([count, word]) => `, ${count} ${word}`);
    const speed = done > 0 ? ` (${(megapixels / (milliseconds / 1000)).toFixed(2)} megapixels/s)` : '';
    this.#line(`${done} done${counts.join('')} in ${duration(milliseconds)}${speed}`);
  }

  #line(text: string): void {
    const erase = this.#terminal.columns === undefined ? '' : ERASE_LINE;
    this.#terminal.write(`${erase}${printable(text)}\n${this.#bar}`);
  }
}

function countedBy(skipped: Beginning['skipped']): [reason: string, count: number][] {
  return [...Map.groupBy(skipped, ({ reason }) => reason)].map(([reason, files]) => [reason, files.length]);
}

export function progressLine(progress: Progress): string {
  const { filesDone, filesTotal, tilesDone, tilesTotal, megapixelsPerSecond } = progress;
  const filled = tilesTotal === 0 ? 0 : Math.floor((BAR * tilesDone) / tilesTotal);
  return [
    `${'█'.repeat(filled)}${'░'.repeat(BAR - filled)}`,
    `${filesDone}/${filesTotal} files`,
    `${tilesDone}/${tilesTotal} tiles`,
    `${megapixelsPerSecond.toFixed(2)} MP/s`,
    timeLeft(progress),
  ].join('  ');
}

/** Never "0 s": while there is something to wait for, there is time left, or it is said what is still to do. */
function timeLeft({ tilesDone, tilesTotal, millisecondsLeft }: Progress): string {
  if (tilesDone === tilesTotal) return 'writing the last results';
  if (millisecondsLeft === undefined) return 'time left: measuring';
  return `${duration(Math.max(1000, millisecondsLeft))} left`;
}
