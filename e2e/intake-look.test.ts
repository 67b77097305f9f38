import { join } from 'node:path';
import { it } from 'vitest';
import sharp from 'sharp';
import { QUICK } from '../tests/main/shells/web-page.ts';
import { temporaryFolder, writePicture } from '../tests/support/pictures.ts';
import { requestSchema } from '../src/shared/contract/batches.ts';
import { openPage, screenshot } from './support/open-page.ts';
import { readFile } from 'node:fs/promises';

it('measures a drop', async () => {
  const { page } = await openPage({ settings: { recipe: QUICK, startAtOnce: true } });
  const folder = await temporaryFolder();
  const big = join(folder, 'big.jpg');
  await sharp('../shared/data/photos/24mp_progressive.jpg').resize(4000, 3000, { fit: 'fill' }).jpeg({ quality: 90 }).toFile(big);
  const data = (await readFile(big)).toString('base64');
  const times = await page.evaluate(async (b64) => {
    const bytes = Uint8Array.from(atob(b64), (c) => c.charCodeAt(0));
    const transfer = new DataTransfer();
    transfer.items.add(new File([bytes], 'big.jpg'));
    const long: number[] = [];
    new PerformanceObserver((l) => long.push(...l.getEntries().map((e) => Math.round(e.duration)))).observe({ entryTypes: ['longtask'] });
    const start = performance.now();
    document.querySelector('main')?.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }));
    let thumb = 0, canvas = 0, row = 0;
    while ((!thumb || !canvas) && performance.now() - start < 8000) {
      await new Promise(requestAnimationFrame);
      const img = document.querySelector<HTMLImageElement>('[aria-current] img');
      if (!row && document.querySelector('[aria-current]')) row = performance.now() - start;
      if (!thumb && img?.complete && img.naturalWidth) thumb = performance.now() - start;
      if (!canvas) for (const c of document.querySelectorAll('main canvas')) {
        const k = (c as HTMLCanvasElement).getContext('2d');
        const d = k?.getImageData(((c as HTMLCanvasElement).width / 2) | 0, ((c as HTMLCanvasElement).height / 2) | 0, 1, 1).data;
        if (d?.[3]) canvas = performance.now() - start;
      }
    }
    return { row, thumb, canvas, long };
  }, data);
  process.stderr.write(`DROP ${JSON.stringify(times)} ${data.length}\n`);
  await page.getByRole('row', { name: /big\.jpg.*Enlarging/ }).waitFor();
  await screenshot(page, '10-big');
}, 120_000);

it('measures ten thousand', async () => {
  const { page, web, root } = await openPage({ settings: { recipe: QUICK } });
  const jobs = web.application.services.jobs;
  await writePicture(join(root, 'a.png'));
  const made = await web.application.create(requestSchema.parse({ inputs: [{ kind: 'path', path: 'a.png' }], out: { kind: 'kept' }, recipe: QUICK }));
  await page.getByRole('button', { name: 'Done 1', exact: true }).waitFor();
  const [file] = await jobs.files(made.id, {});
  const draft = await jobs.draftBatch({ title: 'ten thousand', recipe: { scale: 2 }, out: made.out, shell: 'web' } as never);
  for (let n = 0; n < 10_000; n += 250) {
    await jobs.draftFiles(draft, Array.from({ length: 250 }, (_, i) => ({
      source: join(root, `photo-${n + i}.png`), identity: `9:${n + i}`, target: join(root, `x${n + i}.png`),
      ended: { state: i % 10 === 0 ? 'failed' : 'skipped', code: 'decode-failed', reason: `${join(root, `photo-${n + i}.png`)}: the file is cut off in the middle; fetch it again from where it came.` },
    })) as never);
  }
  void file;
  const id = await jobs.addDraft(draft);
  await page.reload();
  const t0 = performance.now();
  await page.getByRole('button', { name: /^All 10K/ }).waitFor();
  process.stderr.write(`LOADED ${Math.round(performance.now() - t0)} ${id}\n`);
  await page.getByRole('row', { name: /photo-0/ }).waitFor();
  const frames = await page.evaluate(async () => {
    const list = document.querySelector('[role=grid]') as HTMLElement;
    const times: number[] = [];
    let last = performance.now();
    for (let i = 0; i < 120; i++) {
      list.scrollTop += i % 20 === 19 ? 30_000 : 400;
      await new Promise(requestAnimationFrame);
      const now = performance.now();
      times.push(now - last);
      last = now;
    }
    times.sort((a, b) => a - b);
    return { p50: times[60], p95: times[114], max: times[119], rows: document.querySelectorAll('[role=row]').length, height: list.scrollHeight };
  });
  process.stderr.write(`SCROLL ${JSON.stringify(frames)}\n`);
  const keys = await page.evaluate(async () => {
    const list = document.querySelector('[role=grid]') as HTMLElement;
    list.focus();
    const press = async (key: string, init: object = {}) => {
      const start = performance.now();
      list.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...init }));
      await new Promise(requestAnimationFrame);
      await new Promise(requestAnimationFrame);
      return Math.round(performance.now() - start);
    };
    return { home: await press('Home'), down: await press('ArrowDown'), end: await press('End'), all: await press('a', { ctrlKey: true }), up: await press('ArrowUp') };
  });
  process.stderr.write(`KEYS ${JSON.stringify(keys)}\n`);
  await page.waitForTimeout(300);
  await screenshot(page, '11-ten-thousand');
}, 120_000);
