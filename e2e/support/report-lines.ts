import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { mergeProcessCovs, type ProcessCov } from '@bcoe/v8-coverage';
import { convert } from 'ast-v8-to-istanbul';
import { parseAstAsync } from 'vite';

/**
 * Prints which share of the lines of `src` the tests have run, those that ran in a browser included, and fails below the
 * least that is wanted. To be run after vitest, which only knows what Node has run.
 */
const LEAST = 85;
const BY_NODE = 'coverage/coverage-final.json';
const BY_BROWSER = 'coverage/page';
const ASSETS = 'out/renderer/assets';

/** Lines of each file with a statement on them: whether one was run. */
type Lines = Map<string, Map<number, boolean>>;
type Statements = Record<
  string,
  { statementMap: Record<string, { start: { line: number } }>; s: Record<string, number> }
>;

const lines: Lines = new Map();
add(JSON.parse(await readFile(BY_NODE, 'utf8')));
const noted = await readdir(BY_BROWSER).catch(() => []);
if (noted.length > 0) for (const statements of await byBrowser(noted)) add(statements);

for (const folder of ['renderer', '']) {
  const { run, all } = countBelow(resolve('src', folder));
  process.stdout.write(`Lines of src/${folder}: ${share(run, all)} % (${run}/${all})\n`);
}
const { run, all } = countBelow(resolve('src'));
if (noted.length === 0) process.stdout.write('No browser has run the page: its lines are not judged.\n');
else if ((100 * run) / all < LEAST) {
  process.stdout.write(`✗ Fewer than ${LEAST} % of the lines were run.\n`);
  process.exitCode = 1;
}

function share(part: number, whole: number): string {
  return ((100 * part) / whole).toFixed(2);
}

function add(statements: Statements): void {
  for (const [file, { statementMap, s }] of Object.entries(statements)) {
    if (!file.startsWith(resolve('src')) || !/\.tsx?$/.test(file)) continue;
    const known = lines.get(file) ?? new Map<number, boolean>();
    lines.set(file, known);
    for (const [key, { start }] of Object.entries(statementMap)) {
      known.set(start.line, (known.get(start.line) ?? false) || (s[key] ?? 0) > 0);
    }
  }
}

/** What the pages of all tests have run together, one answer each script. */
async function byBrowser(files: readonly string[]): Promise<Statements[]> {
  const texts = await Promise.all(files.map((file) => readFile(join(BY_BROWSER, file), 'utf8')));
  const { result } = mergeProcessCovs(texts.map((text): ProcessCov => withoutOrigins(JSON.parse(text))));
  return Promise.all(
    result.map(async ({ url, functions }) => {
      const file = resolve(ASSETS, url);
      const code = await readFile(file, 'utf8');
      const map = JSON.parse(await readFile(`${file}.map`, 'utf8'));
      const sources = map.sources.map((source: string) => resolve(dirname(file), source));
      const coverage = { url: pathToFileURL(file).href, functions };
      const converted = await convert({
        code,
        ast: parseAstAsync(code),
        sourceMap: { ...map, sources },
        coverage,
      });
      return converted as unknown as Statements;
    }),
  );
}

/** Each page had an address of its own; the script is the same. */
function withoutOrigins({ result }: ProcessCov): ProcessCov {
  return { result: result.map((script) => ({ ...script, url: basename(script.url) })) };
}

function countBelow(folder: string): { run: number; all: number } {
  const known = [...lines]
    .filter(([file]) => file.startsWith(folder))
    .flatMap(([, each]) => [...each.values()]);
  return { run: known.filter(Boolean).length, all: known.length };
}
