import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { examineModel } from '../../../src/engine/probing/examine-model.ts';
import type { ModelFindings } from '../../../src/shared/probing.ts';
import { findingsSchema } from '../../../src/shared/probing.ts';
import { temporaryFolder } from '../../support/pictures.ts';

/** What is found out about the network in `bytes`, and where a converted one would be. */
export async function examined(
  bytes: Uint8Array,
  name = 'network.onnx',
): Promise<{ findings: ModelFindings; temporary: string }> {
  const folder = await temporaryFolder();
  const file = join(folder, name);
  await writeFile(file, bytes);
  const temporary = join(folder, 'converted.part');
  const findings = await examineModel({ file, temporary, givenUp: new Int32Array(1) });
  expect(findingsSchema.parse(findings)).toEqual(findings);
  return { findings, temporary };
}

/** The same without the rest. */
export const findingsOf = async (bytes: Uint8Array, name?: string): Promise<ModelFindings> =>
  (await examined(bytes, name)).findings;

/** Why the network in `bytes` is refused. */
export async function refusalOf(bytes: Uint8Array): Promise<string> {
  const folder = await temporaryFolder();
  const file = join(folder, 'network.onnx');
  await writeFile(file, bytes);
  const work = examineModel({ file, temporary: join(folder, 'converted.part'), givenUp: new Int32Array(1) });
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason as Error,
  );
  expect(error).toMatchObject({ name: 'EnlargerError', code: 'model-invalid', file });
  const message = error?.message ?? '';
  expect(message.startsWith(`${file}: `)).toBe(true);
  expect(message).toMatch(/\)\. [A-Z].*\.$/);
  return message.slice(file.length + 2);
}

/** The questions by their names, and what they would be answered with. */
export const asked = ({ questions }: ModelFindings): Record<string, string> =>
  Object.fromEntries(questions.map(({ id, default: answer }) => [id, answer]));
