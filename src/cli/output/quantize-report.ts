import { relative } from 'node:path';
import type { HalfResult } from '../../main/models/quantising/quantise-half.ts';
import type { QuantiseResult } from '../../main/models/quantising/quantise-model.ts';
import type { JobProgress, JobState } from '../../shared/engine-protocol.ts';
import { printable, printableJson } from './printable.ts';
import { counted, fileSize } from './words.ts';

/** Where `quantize` is told about. */
interface QuantizeReporter {
  progress(progress: JobProgress): void;
  finished(result: QuantiseResult): void;
  halved(result: HalfResult): void;
  /** Says nothing of why: whoever reports the error does. */
  failed(): void;
}

const STAGES: Readonly<Record<JobState, string>> = {
  decoding: 'reading pictures',
  enhancing: 'calibrating',
  encoding: 'choosing what stays in float',
  verifying: 'checking',
};

const ERASE_LINE = '\r\u001b[2K';

/** For programs: `progress` as it comes, at last `quantized`. */
export class QuantizeLines implements QuantizeReporter {
  readonly #write: (text: string) => void;

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  progress({ state, tilesDone, tilesTotal }: JobProgress): void {
    this.#line('progress', { stage: STAGES[state], done: tilesDone, total: tilesTotal });
  }

  finished(result: QuantiseResult): void {
    this.#line('quantized', { ...result, smaller: smaller(result), faster: faster(result) });
  }

  halved(result: HalfResult): void {
    this.#line('halved', { ...result, smaller: smaller(result) });
  }

  failed(): void {}

  #line(event: string, fields: Record<string, unknown>): void {
    this.#write(`${printableJson({ event, ...fields })}\n`);
  }
}

/** For people: what is being done, while they look on, and what came out. */
export class QuantizeWords implements QuantizeReporter {
  readonly #write: (text: string) => void;
  readonly #columns: number | undefined;

  /** `columns`: undefined where the output is no terminal. */
  constructor(write: (text: string) => void, columns: number | undefined) {
    this.#write = write;
    this.#columns = columns;
  }

  progress({ state, tilesDone, tilesTotal }: JobProgress): void {
    if (this.#columns === undefined) return;
    const line = `${STAGES[state]} ${tilesDone}/${tilesTotal}`;
    this.#write(`${ERASE_LINE}${line.slice(0, this.#columns - 1)}`);
  }

  finished(result: QuantiseResult): void {
    this.failed();
    for (const line of linesOf(result)) this.#write(`${printable(line)}\n`);
  }

  halved(result: HalfResult): void {
    const { file, bytes, psnr } = result;
    const facts = `${fileSize(bytes)}, ${smaller(result).toFixed(1)} times smaller, ${psnr.toFixed(1)} dB close to fp32`;
    this.#write(`${printable(`✓ ${relative(process.cwd(), file)}  ${facts}`)}\n`);
  }

  failed(): void {
    if (this.#columns !== undefined) this.#write(ERASE_LINE);
  }
}

function linesOf(result: QuantiseResult): string[] {
  const { file, bytes, psnr, loss, fidelity, layers, floatLayers, weightBits, problems } = result;
  const inFloat = floatLayers.length === 0 ? 'all in int8' : `${floatLayers.length} of them in float`;
  return [
    ...problems.map(({ message }) => `– ${message}`),
    `✓ ${relative(process.cwd(), file)}  ${fileSize(bytes)}, ${smaller(result).toFixed(1)} times smaller, ` +
      `${faster(result).toFixed(1)} times as fast`,
    `  ${psnr.int8.toFixed(2)} dB where fp32 has ${psnr.fp32.toFixed(2)} (loss ${loss.toFixed(3)}); ` +
      `${fidelity.toFixed(1)} dB between both`,
    `  ${counted(layers, 'layer')}, ${inFloat}; weights of ${weightBits} bits`,
  ];
}

const smaller = ({ modelBytes, bytes }: Pick<QuantiseResult, 'modelBytes' | 'bytes'>) => modelBytes / bytes;
const faster = ({ milliseconds }: QuantiseResult) => milliseconds.reference / milliseconds.candidate;
