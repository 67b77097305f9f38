import { spawn } from 'node:child_process';
import { systemProgram } from '../../system-program.ts';

/** Opens `address` in the user's browser, where there is one; whether that works shows. */
export function openBrowser(address: string): void {
  const [program, ...args] = opener();
  const child = spawn(program, [...args, address], { stdio: 'ignore', detached: true });
  child.on('error', () => {});
  child.unref();
}

function opener(): [string, ...string[]] {
  if (process.platform === 'darwin') return ['open'];
  // Unlike `start`, it needs no shell, to which `&` in an address would mean something.
  if (process.platform === 'win32') return [systemProgram('rundll32.exe'), 'url.dll,FileProtocolHandler'];
  return ['xdg-open'];
}
