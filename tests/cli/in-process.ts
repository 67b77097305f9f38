import { Command } from 'commander';
import { vi } from 'vitest';
import { addEndCommands, addJobsCommand } from '../../src/cli/batches/jobs-command.ts';
import { addResumeCommands } from '../../src/cli/batches/resume-command.ts';
import { addDoctorCommand } from '../../src/cli/doctor-command.ts';
import { addEnhanceCommand } from '../../src/cli/enhance/enhance-command.ts';
import { addModelsCommand } from '../../src/cli/models/models-command.ts';

/** Runs `enlarger` with these words; resolves to its exit code and what it wrote. */
export async function command(...words: string[]) {
  const exits: number[] = [];
  const exit = (code: number) => exits.push(code);
  const program = new Command().exitOverride();
  addEnhanceCommand(program, exit);
  addResumeCommands(program, exit);
  addJobsCommand(program, exit);
  addEndCommands(program, exit);
  addModelsCommand(program, exit);
  addDoctorCommand(program, exit);
  const written = await collected(() => program.parseAsync(words, { from: 'user' }));
  return { exits, written };
}

/** What is written to standard output and error while `work` is done. */
export async function collected(work: () => Promise<unknown>): Promise<string> {
  const written: string[] = [];
  const collect = (text: string | Uint8Array) => written.push(String(text)) > 0;
  const spies = [process.stdout, process.stderr].map((stream) =>
    vi.spyOn(stream, 'write').mockImplementation(collect),
  );
  try {
    await work();
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
  return written.join('');
}
