import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { app } from 'electron';
import { childProcessHost, engineEntry } from '../../engine/child-process-host.ts';
import type { EngineHost } from '../../engine/engine-host.ts';
import { installationFolder } from '../../installation.ts';
import { utilityProcessHost } from './utility-process-host.ts';

/**
 * Where this system's engines run. On Linux, Electron brings a GLib of its own that clashes with that of libvips
 * (lovell/sharp#4525), so that the engine is a program of plain Node there.
 */
export function desktopEngineHost(): EngineHost {
  const entry = engineEntry();
  return process.platform === 'linux'
    ? childProcessHost(entry, { program: nodeProgram() })
    : utilityProcessHost(entry);
}

/** The Node that comes with Enlarger: beside the archive once packaged, else that of the development tree. */
function nodeProgram(): string {
  const packaged = join(process.resourcesPath ?? '', 'node');
  if (app.isPackaged && existsSync(packaged)) return packaged;
  const own = join(installationFolder(), 'node_modules', 'node', 'bin', 'node');
  return existsSync(own) ? own : 'node';
}
