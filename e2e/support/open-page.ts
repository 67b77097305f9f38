import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, chromium, type Page } from 'playwright';
import { expect, onTestFinished } from 'vitest';
import { childProcessHost, engineEntry } from '../../src/main/engine/child-process-host.ts';
import { type RunningWeb, startWeb, type WebOptions } from '../../src/main/shells/web/start-web.ts';
import { type RecipeChoice, recipeSchema } from '../../src/shared/contract/recipe.ts';
import type { SettingsChange } from '../../src/shared/contract/settings.ts';
import { BROWSER } from './browser.ts';
import { notePageCoverage } from './page-coverage.ts';

export { BROWSER };

/** The page as it was built; another one while the page is worked on. */
const RENDERER = resolve(process.env.ENLARGER_PAGE ?? 'out/renderer');

export interface OpenPage {
  web: RunningWeb;
  page: Page;
  browser: Browser;
  /** The folder that may be browsed, empty at first. */
  root: string;
}

interface PageOptions extends WebOptions {
  /** What is chosen before the page is opened. */
  settings?: Omit<SettingsChange, 'recipe'> & { recipe?: RecipeChoice };
  /** What the browser may report beside: the answers that a test has gone wrong on purpose. */
  provoked?: RegExp;
}

/** The web shell with a real engine, and its page in a real browser. Both end with the test. */
export async function openPage({ settings = {}, provoked, ...options }: PageOptions = {}): Promise<OpenPage> {
  const folder = await mkdtemp(join(tmpdir(), 'enlarger-e2e-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const root = options.root ?? join(folder, 'root');
  await mkdir(root, { recursive: true });
  const web = await startWeb({
    state: join(folder, 'state'),
    host: childProcessHost(engineEntry(), { quiet: true }),
    renderer: RENDERER,
    memoryBudget: 2e9,
    ...options,
    root,
  });
  onTestFinished(() => web[Symbol.asyncDispose]());
  const { recipe, ...others } = settings;
  const change = { ...others, ...(recipe ? { recipe: recipeSchema.parse(recipe) } : {}) };
  await web.application.services.settings.set(change);
  const browser = await chromium.launch({
    ...(BROWSER ? { executablePath: BROWSER } : {}),
    args: ['--no-sandbox'],
  });
  onTestFinished(() => browser.close());
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    colorScheme: 'dark',
    acceptDownloads: true,
  });
  const page = await context.newPage();
  await notePageCoverage(page);
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('console', (message) => {
    const { url } = message.location();
    // Browsers report by themselves that a picture cannot be shown, and look for an icon where none was named yet.
    if (message.type() !== 'error' || /\/favicon\.ico$|\/media\//.test(url) || provoked?.test(url)) return;
    problems.push(`${message.text()} ${url}`);
  });
  onTestFinished(() => expect(problems).toEqual([]));
  await page.goto(web.address);
  // While it connects the page has neither, and takes nothing.
  await page.getByRole('banner').waitFor();
  return { web, page, browser, root };
}

/** No violation that axe can find in what the page shows now. */
export async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
  expect(found).toEqual([]);
}

/** A screenshot under this name, where `ENLARGER_SCREENS` names a folder for them. */
export async function screenshot(page: Page, name: string): Promise<void> {
  const folder = process.env.ENLARGER_SCREENS;
  if (folder) await page.screenshot({ path: join(folder, `${name}.png`) });
}
