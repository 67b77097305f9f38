import type { Command } from 'commander';
import { chooseDevice } from '../main/devices/choose-device.ts';
import type { Device } from '../main/devices/device-list.ts';
import { Devices } from '../main/devices/devices.ts';
import { childProcessHost, engineEntry } from '../main/engine/child-process-host.ts';
import { EngineClient } from '../main/engine/engine-client.ts';
import { modelFolders, scratchFolder, stateFolder } from '../main/installation.ts';
import { defaultMemoryBudget, defaultParallelism, describeMachine } from '../main/machine.ts';
import { chooseVariant } from '../main/models/choose-variant.ts';
import { ModelRegistry, type RegisteredModel } from '../main/models/model-registry.ts';
import { resolvePlan } from '../main/models/resolve-plan.ts';
import { EXIT } from './exit-codes.ts';
import { printable } from './output/printable.ts';
import { fileSize } from './output/words.ts';

type Say = (line: string) => void;

interface Flags {
  again: boolean;
  /** An id. */
  model?: string;
}

/** Adds `doctor`: what this machine has, what works, and why the rest does not. */
export function addDoctorCommand(program: Command, exit: (code: number) => void): void {
  program
    .command('doctor')
    .description('what this machine has, what works, and why not')
    .option('--model <id>', 'the model that devices are tried with (default: the first)')
    .option('--again', 'try devices again that have been tried before', false)
    .action(async (flags: Flags) => {
      const healthy = await examine(flags, (line) => process.stdout.write(`${printable(line)}\n`));
      exit(healthy ? EXIT.allDone : EXIT.someFailed);
    });
}

/** Writes the findings by `say`; resolves to whether pictures can be enlarged here. */
async function examine({ model: chosen, again }: Flags, say: Say): Promise<boolean> {
  const machine = describeMachine();
  const budget = defaultMemoryBudget(machine);
  say(`Processor   ${machine.processor}, ${machine.cores} cores`);
  say(`Memory      ${fileSize(machine.memory)}, of which pictures may take ${fileSize(budget)}`);
  const registry = await ModelRegistry.read(modelFolders());
  const { models, problems } = registry;
  const [first] = models.values();
  const model = chosen === undefined ? first : registry.get(chosen);
  for (const problem of problems) say(`✗ ${problem.message}`);
  const host = childProcessHost(engineEntry(), { quiet: true });
  const engine = await EngineClient.start(host, {
    workers: 1,
    queueDepth: 1,
    sequential: true,
    memoryBudget: budget,
    scratch: scratchFolder(),
  });
  try {
    let healthy = models.size > 0 && problems.length === 0;
    const width = 2 + Math.max(0, ...[...models.keys()].map(({ length }) => length));
    for (const each of models.values()) {
      healthy = (await examineModel(each, engine, { say, width })) && healthy;
    }
    await using devices = new Devices({ state: stateFolder(), host });
    if (model) await examineDevices(model, { devices, engine, again }, say);
    return healthy;
  } finally {
    await engine.stop();
  }
}

/** Says how `model` does; `width`: letters that its name is given. */
async function examineModel(
  model: RegisteredModel,
  engine: EngineClient,
  { say, width }: { say: Say; width: number },
): Promise<boolean> {
  const id = model.manifest.id.padEnd(width);
  try {
    const { variant, measured } = await chooseVariant(model, engine);
    const facts = measured
      ? `int8 against fp32: ${measured.psnr.toFixed(1)} dB, ` +
        `${(measured.reference / measured.candidate).toFixed(1)} times as fast`
      : 'one variant';
    say(`✓ ${id}runs; ${facts}; auto chooses ${variant}`);
    return true;
  } catch (error) {
    say(`✗ ${id}${error instanceof Error ? error.message : String(error)}`);
    return false;
  }
}

interface Examination {
  devices: Devices;
  engine: EngineClient;
  again: boolean;
}

/** Says how each device does with `model`, and which one pictures would be enlarged on. */
async function examineDevices(
  model: RegisteredModel,
  { devices, engine, again }: Examination,
  say: Say,
): Promise<void> {
  const found = await devices.find(engine);
  const { threads, workers } = defaultParallelism(describeMachine());
  say(`ONNX Runtime ${found.runtime}, Node ${process.versions.node}`);
  const missing = found.providers.filter((name) => !found.devices.some(({ provider }) => provider === name));
  for (const name of missing) say(`– ${name.padEnd(10)}not here: no card for it was found`);
  for (const device of found.devices) {
    if (again) await devices.forget(device);
    const { works, words } = await examineDevice(device, model, { devices, engine, threads });
    say(`${works ? '✓' : '–'} ${device.id.padEnd(10)}${described(device)}: ${words}`);
  }
  try {
    const processor = async () => {
      const { variant } = await chooseVariant(model, engine);
      return resolvePlan(model, { variant, threads });
    };
    const options = { variant: 'auto', threads, workers, processor } as const;
    const { used } = await chooseDevice(model, 'auto', options, { devices, engine });
    const [device] = used.filter(({ provider }) => provider !== 'cpu');
    const name = device ? `${device.name} (${device.id})` : 'the processor (cpu)';
    say(`Pictures are enlarged on ${name}.`);
  } catch {
    // What is wrong with the model has been said.
  }
}

async function examineDevice(
  device: Device,
  model: RegisteredModel,
  { devices, engine, threads }: { devices: Devices; engine: EngineClient; threads: number },
): Promise<{ works: boolean; words: string }> {
  if (!device.likely) {
    const words = `not tried, because no graphics card was found; --device ${device.id} tries it all the same`;
    return { works: false, words };
  }
  const tried = await devices.try(device, model, { variant: 'auto', threads }, engine);
  if (!tried) return { works: false, words: `not tried, because ${model.manifest.id} has no floats` };
  const { trial, plan } = tried;
  if (trial.state === 'failed') return { works: false, words: trial.reason };
  const share = trial.whole ? '' : '; some of it is left to the processor';
  const { modelId, variant } = plan.shallow;
  const time = `${trial.milliseconds.toFixed(1)} ms for the built-in picture`;
  const { width, height } = plan.tile;
  const tile = trial.tilePixels === undefined ? '' : `; its memory is enough for tiles of ${width}×${height}`;
  return { works: true, words: `works; ${modelId} (${variant}) takes ${time}${share}${tile}` };
}

function described({ name, driver, memory }: Device): string {
  const facts = [driver && `driver ${driver}`, memory !== null && fileSize(memory)].filter(Boolean);
  return facts.length === 0 ? name : `${name} (${facts.join(', ')})`;
}
