import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';

/** What a second instance leaves with the first. */
interface Left {
  argv: string[];
  folder: string;
  data: unknown;
}

interface Lock {
  first: boolean;
  /** Resolves when the first instance has been told. */
  handover: Promise<void> | undefined;
}

/** Asks to be the only instance for `userData`. The first one is told of every other, as Chromium's lock does it. */
export function askForLock(userData: string, data: unknown, onSecond: (left: Left) => void): Lock {
  mkdirSync(userData, { recursive: true });
  const file = join(userData, 'stand-in.lock');
  // Paths of sockets may not be long; Linux knows sockets that have none.
  const socket = `\0${file}`;
  if (takes(file)) {
    const server = createServer((connection) => {
      connection.setEncoding('utf8');
      let text = '';
      connection.on('data', (part) => {
        text += part;
      });
      connection.on('end', () => {
        connection.end();
        onSecond(JSON.parse(text));
      });
    });
    server.listen(socket).unref();
    process.on('exit', () => rmSync(file, { force: true }));
    return { first: true, handover: undefined };
  }
  const left = { argv: process.argv, folder: process.cwd(), data };
  const handover = new Promise<void>((resolve, reject) => {
    connect(socket)
      .on('error', reject)
      .on('close', () => resolve())
      .end(JSON.stringify(left));
  });
  return { first: false, handover };
}

function takes(file: string): boolean {
  try {
    const handle = openSync(file, 'wx');
    writeFileSync(handle, String(process.pid));
    closeSync(handle);
    return true;
  } catch {
    if (isAlive(Number(readFileSync(file, 'utf8')))) return false;
    rmSync(file, { force: true });
    return takes(file);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
