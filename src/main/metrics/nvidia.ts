import { execFile } from 'node:child_process';
import type { Metrics } from '../../shared/contract/metrics.ts';
import { systemProgram } from '../system-program.ts';

export type Graphics = Metrics['gpus'][number];

const QUERY = ['--query-gpu=name,utilization.gpu,memory.used,memory.total', '--format=csv,noheader,nounits'];
/** Milliseconds after which the program is killed: a driver in trouble keeps it waiting for ever. */
const HANGS = 5_000;
const MEBIBYTE = 2 ** 20;

/**
 * What `nvidia-smi` prints for `QUERY`, a line for each card: its name, per cent, and mebibytes. What a card does not
 * report stands there in brackets, such as `[N/A]` or, of older drivers, `[Not Supported]`.
 */
export function parseNvidia(text: string): Graphics[] {
  return text.split('\n').flatMap((line) => {
    const fields = line.split(',').map((field) => field.trim());
    // A name may hold commas; the figures are the last three.
    const [busy, used, total] = fields.splice(-3);
    const name = fields.join(', ');
    if (name === '' || busy === undefined || used === undefined || total === undefined) return [];
    const percent = reported(busy);
    return [
      {
        name,
        busy: percent === null ? null : Math.min(1, percent / 100),
        memoryUsed: mebibytes(used),
        memoryTotal: mebibytes(total),
      },
    ];
  });
}

/** The driver's own program, where the system finds it. */
export function nvidiaProgram(): string {
  return process.platform === 'win32' ? systemProgram('nvidia-smi.exe') : 'nvidia-smi';
}

/** `missing`: there is no such program. */
export type NvidiaAnswer = Graphics[] | 'missing';

/** Asks the driver's own program; resolves to no cards if it fails. It is killed if it hangs, or `signal` aborts. */
export function askNvidia(program: string, signal: AbortSignal, hangs = HANGS): Promise<NvidiaAnswer> {
  const options = { timeout: hangs, killSignal: 'SIGKILL', signal, windowsHide: true } as const;
  return new Promise((resolve) => {
    execFile(program, QUERY, options, (error, stdout) => {
      if (!error) resolve(parseNvidia(stdout));
      else resolve(error.code === 'ENOENT' ? 'missing' : []);
    });
  });
}

function reported(field: string): number | null {
  return /^\d+(\.\d+)?$/.test(field) ? Number(field) : null;
}

function mebibytes(field: string): number | null {
  const number = reported(field);
  return number === null ? null : number * MEBIBYTE;
}
