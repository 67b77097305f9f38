import { describe, expect, it } from 'vitest';
import { printable, printableJson } from '../../src/cli/output/printable.ts';
import { enlarger } from './support.ts';

const HOSTILE = '\u001b]0;owned\u0007\u009b2J\r\n\u0000\u007f\u2028\u202egpj.exe\u2066';
const STEERING = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;

describe('printable', () => {
  it('shows what could steer a terminal or turn the writing, and does not pass it on', () => {
    expect(printable(HOSTILE)).toBe(`\ufffd]0;owned\ufffd\ufffd2J${'\ufffd'.repeat(6)}gpj.exe\ufffd`);
  });

  it('leaves every language as it is', () => {
    const names =
      'it’s 100% #1 – café cafe\u0301 фото 日本語 \u05e9\u05dc\u05d5\u05dd \u0633\u0644\u0627\u0645 👩‍👧 🌸';
    expect(printable(names)).toBe(names);
  });
});

it('printableJson reads back the same', () => {
  const text = printableJson({ path: HOSTILE, size: 1 });
  expect(JSON.parse(text)).toEqual({ path: HOSTILE, size: 1 });
  expect(text).not.toMatch(STEERING);
});

describe('on standard error', () => {
  const name = '\u001b[31mred \u202egpj';
  it.each([
    ['an argument that is no option', ['enhance', `--${name}`, '--out', 'out']],
    [
      'an output folder that cannot be',
      ['enhance', 'a.jpg', '--out', `/dev/null/${name}`, '--variant', 'fp32'],
    ],
    ['a template', ['enhance', 'a.jpg', '--out', 'out', '--name', `${name}/`]],
  ])('%s cannot steer the terminal', async (_what, args) => {
    const { stderr } = await enlarger(args);
    expect(stderr).toMatch(/red \ufffdgpj/);
    expect(stderr.replaceAll('\n', '')).not.toMatch(STEERING);
  });
});
