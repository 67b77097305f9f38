import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import type { Finding } from './harness.ts';

const PAGE = join(import.meta.dirname, '..', 'docs', 'performance.md');

/** Writes what was measured into docs/performance.md, each finding in place of the row of the same measure. */
export function record(findings: readonly Finding[]): void {
  const rows = new Map(existsSync(PAGE) ? rowsOf(readFileSync(PAGE, 'utf8')) : []);
  for (const finding of findings) rows.set(finding.measure, row(finding));
  writeFileSync(PAGE, page([...rows.values()]));
}

function rowsOf(text: string): [measure: string, row: string][] {
  const lines = text.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| Measure'));
  return lines
    .filter((line) => !line.startsWith('| ---'))
    .map((line) => [line.split(' | ')[0]?.slice(2) ?? '', line]);
}

function row({ measure, seen, bar, met }: Finding): string {
  const mark = met === undefined ? '' : met ? 'met' : '**missed**';
  return `| ${measure} | ${seen} | ${bar} | ${mark} |`;
}

function page(lines: readonly string[]): string {
  return [
    '# Performance',
    '',
    'Written by `npm run bench`. Each figure is a ratio of two sides measured in turn in one run, on an otherwise',
    'idle machine: median (smallest–largest).',
    '',
    `Machine: ${cpus()[0]?.model}, ${cpus().length} cores, ${Math.round(totalmem() / 1e9)} GB; Node ${process.version}.`,
    '',
    '| Measure | Seen | Bar | |',
    '| --- | --- | --- | --- |',
    ...lines,
    '',
  ].join('\n');
}
