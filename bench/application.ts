import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import { chromium, type Page } from 'playwright';
import { WebSocket } from 'ws';
import { BROWSER } from '../e2e/support/browser.ts';
import type { EnlargerClient } from '../src/shared/contract/contract.ts';
import { type Benchmark, cores, type Finding, median, quantile, spread } from './harness.ts';
import { photographs, temporaryFolder } from './photographs.ts';

const CLI = join(import.meta.dirname, '..', 'out', 'main', 'cli.js');
const ROUNDS = 5;
const CALLS = 300;
/** Milliseconds between two calls. */
const PAUSE = 20;

/** The built web shell in a process of its own, and what a browser sees of it. */
export const applicationBenchmark: Benchmark = {
  name: 'application',
  async run() {
    if (!BROWSER) throw new Error('No browser is installed: this benchmark looks at a page.');
    await using folder = await temporaryFolder();
    const [small, large] = [join(folder.path, 'small'), join(folder.path, 'large')];
    await Promise.all([small, large].map((path) => mkdir(path)));
    const [twelve] = await photographs(small, 1, 4000, 3000);
    const [fifty] = await photographs(large, 1, 8660, 5774);
    if (!twelve || !fifty) throw new Error('There are no photographs.');
    const browser = await chromium.launch({ executablePath: BROWSER, args: ['--no-sandbox'] });
    const starts: number[] = [];
    const previews: number[] = [];
    const firsts: { twelve: number[]; fifty: number[] } = { twelve: [], fifty: [] };
    let line: LineFigures | undefined;
    try {
      // The first start fills the caches of the disk and of the browser.
      for (let round = -1; round < ROUNDS; round++) {
        await using shell = await startShell(join(folder.path, `state-${round}`));
        const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
        await page.addInitScript(watchDrawing);
        const paint = shell.milliseconds + (await firstPaint(page, shell.address));
        await page.getByRole('main').waitFor();
        await shell.warm();
        const drop = await dropAndWatch(page, round % 2 === 0 ? twelve : fifty);
        if (round >= 0) {
          starts.push(paint);
          if (round % 2 === 0) previews.push(drop.preview);
          firsts[round % 2 === 0 ? 'twelve' : 'fifty'].push(drop.enhanced);
        }
        if (round === ROUNDS - 1) line = await measureLine(shell);
        await page.close();
      }
    } finally {
      await browser.close();
    }
    return [
      below('start of the web shell to the first paint of its page, warm', starts, 1000),
      below('drop of a JPEG of 12 megapixels to its preview on the page', previews, 200),
      below('drop of a JPEG of 12 megapixels to the first enlarged pixels (×2)', firsts.twelve, 1500),
      below('the same of 50 megapixels', firsts.fifty, 1500),
      ...(line ? lineFindings(line) : []),
    ];
  },
};

function below(measure: string, milliseconds: readonly number[], bar: number): Finding {
  return {
    measure,
    seen: `${spread(milliseconds, 0)} ms`,
    bar: `< ${bar} ms`,
    met: median(milliseconds) < bar,
  };
}

interface Shell extends AsyncDisposable {
  address: string;
  /** From its start to its address. */
  milliseconds: number;
  /** Resolves when what the first batch needs is loaded. */
  warm(): Promise<void>;
}

async function startShell(state: string): Promise<Shell> {
  const started = performance.now();
  const child = spawn(process.execPath, [CLI, 'serve', '--no-open'], {
    env: { ...process.env, ENLARGER_HOME: state },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const address = await firstLine(child);
  return {
    address,
    milliseconds: performance.now() - started,
    warm: async () => {
      await using line = await openLine(address);
      await line.client.models.warmUp((await line.client.settings.get()).recipe);
    },
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGTERM');
      if (child.exitCode === null) await once(child, 'exit');
    },
  };
}

async function firstLine({ stdout }: ChildProcess): Promise<string> {
  if (!stdout) throw new Error('The shell has no output.');
  for await (const line of createInterface({ input: stdout })) return line;
  throw new Error('The shell printed no address.');
}

/** Milliseconds from the navigation to the first contentful paint. */
async function firstPaint(page: Page, address: string): Promise<number> {
  // The address leads to a session first; the page itself is what is opened from then on.
  await page.goto(address);
  await page.goto(new URL(address).origin);
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        new PerformanceObserver((list) => {
          const [paint] = list.getEntriesByName('first-contentful-paint');
          if (paint) resolve(paint.startTime);
        }).observe({ type: 'paint', buffered: true });
      }),
  );
}

interface Watched {
  /** `performance.now()` of the frames in which pictures appeared on the page; 0 before. */
  drawn: number;
  enhanced: number;
}

/** Runs in the page, before anything else does: notes when a picture is drawn, and when a part of a result came. */
function watchDrawing(): void {
  const watched: Watched = { drawn: 0, enhanced: 0 };
  Object.assign(window, { watched });
  const draw = CanvasRenderingContext2D.prototype.drawImage;
  CanvasRenderingContext2D.prototype.drawImage = function (
    this: CanvasRenderingContext2D,
    ...args: unknown[]
  ) {
    if (watched.drawn === 0 && this.canvas.isConnected) watched.drawn = performance.now();
    Reflect.apply(draw, this, args);
  };
  const fetchIt = window.fetch;
  window.fetch = async (...args) => {
    const response = await fetchIt(...args);
    if (watched.enhanced === 0 && response.ok && /square.*of=result|of=result.*square/.test(response.url)) {
      // It is decoded and drawn in one of the next frames.
      requestAnimationFrame(() =>
        requestAnimationFrame(() => {
          watched.enhanced ||= performance.now();
        }),
      );
    }
    return response;
  };
}

async function dropAndWatch(page: Page, file: string): Promise<{ preview: number; enhanced: number }> {
  const bytes = (await readFile(file)).toString('base64');
  return page.evaluate(async (base64) => {
    const data = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    const transfer = new DataTransfer();
    transfer.items.add(new File([data], 'dropped.jpg', { type: 'image/jpeg' }));
    const { watched } = window as unknown as { watched: Watched };
    watched.drawn = 0;
    const started = performance.now();
    window.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }));
    while (watched.enhanced === 0) await new Promise((resolve) => requestAnimationFrame(resolve));
    return { preview: watched.drawn - started, enhanced: watched.enhanced - started };
  }, bytes);
}

interface LineFigures {
  /** Milliseconds that calls took. */
  calls: number[];
  /** Messages of `events`, and in how many seconds. */
  messages: number;
  seconds: number;
}

/** Calls, and listens, while the engine is at work on what was dropped. */
async function measureLine(shell: Shell): Promise<LineFigures> {
  await using line = await openLine(shell.address);
  const { client } = line;
  const over = new AbortController();
  let messages = 0;
  const listening = (async () => {
    for await (const _ of await client.events(undefined, { signal: over.signal })) messages += 1;
  })().catch(() => {});
  const calls: number[] = [];
  const started = performance.now();
  for (let call = 0; call < CALLS; call++) {
    const asked = performance.now();
    await client.greeting();
    calls.push(performance.now() - asked);
    await setTimeout(PAUSE);
  }
  const seconds = (performance.now() - started) / 1000;
  const [batch] = await client.batches.list({ limit: 1 });
  if (batch?.state !== 'running') throw new Error('The batch ended before the calls did.');
  over.abort();
  await listening;
  return { calls, messages, seconds };
}

function lineFindings({ calls, messages, seconds }: LineFigures): Finding[] {
  const p95 = quantile(calls, 0.95);
  const rate = messages / seconds;
  return [
    {
      measure: `a call from page to main while ${cores} cores infer, there and back, p95`,
      seen: `${p95.toFixed(1)} ms (p50 ${median(calls).toFixed(1)}, largest ${Math.max(...calls).toFixed(1)})`,
      bar: '< 20 ms',
      met: p95 < 20,
    },
    {
      measure: 'messages to a page during a batch',
      seen: `${rate.toFixed(1)} a second`,
      bar: '≤ 32 a second',
      met: rate <= 32,
    },
  ];
}

async function openLine(address: string): Promise<{ client: EnlargerClient } & AsyncDisposable> {
  const { origin } = new URL(address);
  const { headers } = await fetch(address);
  const cookie = headers.get('set-cookie')?.split(';')[0] ?? '';
  const socket = new WebSocket(`${origin.replace('http', 'ws')}/line`, { headers: { cookie, origin } });
  await once(socket, 'open');
  const client: EnlargerClient = createORPCClient(
    new RPCLink({ websocket: socket as unknown as globalThis.WebSocket }),
  );
  return {
    client,
    [Symbol.asyncDispose]: async () => {
      socket.terminate();
    },
  };
}
