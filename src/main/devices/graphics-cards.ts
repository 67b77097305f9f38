import { execFile } from 'node:child_process';
import { readdir, readlink } from 'node:fs/promises';
import { release } from 'node:os';
import { basename, join } from 'node:path';
import { CARDS } from '../metrics/amd.ts';
import { nvidiaProgram } from '../metrics/nvidia.ts';
import { readText } from '../metrics/read-text.ts';
import { systemProgram } from '../system-program.ts';

/** A graphics processor as the system tells of it. */
export interface Card {
  vendor: 'nvidia' | 'other';
  name: string;
  /** Whose version it is may differ by system; another driver may compute otherwise. */
  driver: string;
  /** Bytes; null where not reported. */
  memory: number | null;
}

const NVIDIA_QUERY = ['--query-gpu=name,driver_version,memory.total', '--format=csv,noheader,nounits'];
const WINDOWS_QUERY =
  'Get-CimInstance Win32_VideoController | Select-Object Name,DriverVersion | ConvertTo-Json -Compress';
/** Milliseconds after which a program is killed: drivers in trouble keep it waiting for ever. */
const HANGS = 5_000;
const MEBIBYTE = 2 ** 20;

/** Linux: makers of graphics processors, by their PCI ids; what servers have for their consoles is none of theirs. */
const VENDORS: Readonly<Record<string, string>> = { '0x1002': 'AMD', '0x8086': 'Intel' };

/**
 * The graphics processors of this machine, NVIDIA's in the order of their PCI addresses. `cards`: where Linux tells of
 * them. What cannot be found out is left out. `processor`: the name of Apple's, which are the graphics processor, too.
 */
export async function graphicsCards(processor: string, cards = CARDS): Promise<Card[]> {
  const nvidia = parseNvidiaCards(await output(nvidiaProgram(), NVIDIA_QUERY));
  if (process.platform === 'linux') return [...nvidia, ...(await linuxCards(cards))];
  if (process.platform === 'darwin') {
    return [{ vendor: 'other', name: processor, driver: release(), memory: null }];
  }
  if (process.platform !== 'win32') return nvidia;
  const powerShell = systemProgram('WindowsPowerShell', 'v1.0', 'powershell.exe');
  const all = parseWindowsCards(await output(powerShell, ['-NoProfile', '-Command', WINDOWS_QUERY]));
  return [...nvidia, ...all.filter(({ name }) => !nvidia.some((card) => card.name === name))];
}

/** What `nvidia-smi` prints for the query: a line for each card, its name, driver and mebibytes. */
export function parseNvidiaCards(text: string): Card[] {
  return text.split('\n').flatMap((line) => {
    const [, name, driver, memory] = /^\s*(\S.*), ([^,]*), ([^,]*)$/.exec(line.trimEnd()) ?? [];
    if (name === undefined || driver === undefined || memory === undefined) return [];
    const reported = /^\d+$/.test(memory.trim()) ? Number(memory) * MEBIBYTE : null;
    return [{ vendor: 'nvidia' as const, name, driver: driver.trim(), memory: reported }];
  });
}

/** What PowerShell prints: one object, or a list of them. Windows' own stand-in for a driver is no card. */
export function parseWindowsCards(text: string): Card[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return [];
  }
  return [parsed].flat().flatMap((card) => {
    const { Name: name, DriverVersion: driver } = (card ?? {}) as { Name?: unknown; DriverVersion?: unknown };
    if (typeof name !== 'string' || /^Microsoft /.test(name)) return [];
    return [
      { vendor: 'other' as const, name, driver: typeof driver === 'string' ? driver : '', memory: null },
    ];
  });
}

async function linuxCards(folder: string): Promise<Card[]> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => /^card\d+$/.test(name)).sort();
  const found = await Promise.all(names.map((name) => linuxCard(join(folder, name, 'device'))));
  return found.flatMap((card) => card ?? []);
}

async function linuxCard(folder: string): Promise<Card | undefined> {
  const read = async (file: string) => (await readText(join(folder, file))).trim();
  const [vendor, device, product, memory] = await Promise.all(
    ['vendor', 'device', 'product_name', 'mem_info_vram_total'].map(read),
  );
  const maker = VENDORS[vendor ?? ''];
  if (maker === undefined) return undefined;
  const driver = await readlink(join(folder, 'driver')).catch(() => '');
  const id = [vendor, device].map((part) => part?.replace(/^0x/, '')).join(':');
  return {
    vendor: 'other',
    name: product || `${maker} graphics ${id}`,
    driver: `${basename(driver)} ${release()}`.trim(),
    memory: /^\d+$/.test(memory ?? '') ? Number(memory) : null,
  };
}

/** What a program prints; '' if there is no such program, or it fails or hangs. */
function output(program: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile(program, args, { timeout: HANGS, killSignal: 'SIGKILL', windowsHide: true }, (error, stdout) =>
      resolve(error ? '' : stdout),
    );
  });
}
