import type { Command } from 'commander';
import { childProcessHost, engineEntry } from '../main/engine/child-process-host.ts';
import { EngineClient } from '../main/engine/engine-client.ts';
import { modelsFolder, scratchFolder } from '../main/installation.ts';
import { defaultMemoryBudget, describeMachine } from '../main/machine.ts';
import { chooseVariant } from '../main/models/choose-variant.ts';
import { ModelRegistry, type RegisteredModel } from '../main/models/model-registry.ts';
import { sessionSpec } from '../main/models/resolve-plan.ts';
import { EXIT } from './exit-codes.ts';
import { printable } from './output/printable.ts';
import { fileSize } from './output/words.ts';

/** Adds `doctor`: what this machine has, what works, and why the rest does not. */
export function addDoctorCommand(program: Command, exit: (code: number) => void): void {
  program
    .command('doctor')
    .description('what this machine has, what works, and why not')
    .action(async () => {
      const healthy = await examine((line) => process.stdout.write(`${printable(line)}\n`));
      exit(healthy ? EXIT.allDone : EXIT.someFailed);
    });
}

/** Writes the findings by `say`; resolves to whether pictures can be enlarged here. */
async function examine(say: (line: string) => void): Promise<boolean> {
  const machine = describeMachine();
  const budget = defaultMemoryBudget(machine);
  say(`Processor   ${machine.processor}, ${machine.cores} cores`);
  say(`Memory      ${fileSize(machine.memory)}, of which pictures may take ${fileSize(budget)}`);
  const { models, problems } = await ModelRegistry.read(modelsFolder());
  for (const problem of problems) say(`✗ ${problem.message}`);
  const engine = await EngineClient.start(childProcessHost(engineEntry(), { quiet: true }), {
    workers: 1,
    queueDepth: 1,
    sequential: true,
    memoryBudget: budget,
    scratch: scratchFolder(),
  });
  try {
    let healthy = models.size > 0 && problems.length === 0;
    for (const model of models.values()) healthy = (await examineModel(model, engine, say)) && healthy;
    await examineProviders([...models.values()][0], engine, say);
    return healthy;
  } finally {
    await engine.stop();
  }
}

async function examineModel(
  model: RegisteredModel,
  engine: EngineClient,
  say: (line: string) => void,
): Promise<boolean> {
  const { id } = model.manifest;
  try {
    const { variant, measured } = await chooseVariant(model, engine);
    const facts = measured
      ? `int8 against fp32: ${measured.psnr.toFixed(1)} dB, ` +
        `${(measured.reference / measured.candidate).toFixed(1)} times as fast`
      : 'one variant';
    say(`✓ ${id.padEnd(10)}runs; ${facts}; auto chooses ${variant}`);
    return true;
  } catch (error) {
    say(`✗ ${id.padEnd(10)}${error instanceof Error ? error.message : String(error)}`);
    return false;
  }
}

async function examineProviders(
  model: RegisteredModel | undefined,
  engine: EngineClient,
  say: (line: string) => void,
): Promise<void> {
  const session = model && sessionSpec(model, 'fp32', 'uint8', 1);
  if (!session) return;
  const { version, providers } = await engine.request('examineRuntime', { session });
  say(`ONNX Runtime ${version}, Node ${process.versions.node}`);
  for (const { name, works, reason } of providers) {
    say(works ? `✓ ${name.padEnd(10)}works` : `– ${name.padEnd(10)}not here: ${reason}`);
  }
  say('Pictures are enlarged on the processor (cpu).');
}
