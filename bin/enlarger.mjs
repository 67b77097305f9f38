#!/usr/bin/env node
// Starts Enlarger's command line under a Node that can run it. This file is kept to what Node 20 understands.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const NEEDED = 24;
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const program = join(root, 'out', 'main', 'cli.js');
const ownNode = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
const current = Number(process.versions.node.split('.')[0]);

if (!existsSync(program)) {
  fail(`Enlarger is not built yet. Run 'npm ci' in ${root} first.`);
} else if (current >= NEEDED) {
  await import(pathToFileURL(program).href);
} else if (existsSync(ownNode)) {
  runUnder(ownNode);
} else {
  fail(`Enlarger needs Node ${NEEDED} or newer, and this is Node ${process.versions.node}.`);
}

function runUnder(node) {
  const child = spawn(node, [program, ...process.argv.slice(2)], { stdio: 'inherit' });
  // The terminal sends Ctrl-C to both; the child answers it, and this process passes its answer on.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 128 + (constants.signals[signal] ?? 0);
  });
}

function fail(message) {
  process.stderr.write(`✗ ${message}\n`);
  process.exitCode = 3;
}
