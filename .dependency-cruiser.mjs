/** The arrows of docs/architecture.md: renderer → shared ← main ⇢ (spawns) engine → shared. */
const arrow = (name, from, to, comment) => ({
  name,
  severity: 'error',
  comment,
  from: { path: from },
  to: { path: to },
});

export default {
  forbidden: [
    arrow(
      'shared-is-alone',
      '^src/shared',
      '^src/(threads|main|engine|preload|renderer|cli)',
      'Everyone agrees on shared.',
    ),
    arrow(
      'threads-know-shared',
      '^src/threads',
      '^src/(main|engine|preload|renderer|cli)',
      'Main and engine talk to their threads alike.',
    ),
    arrow(
      'engine-knows-shared',
      '^src/engine',
      '^src/(main|preload|renderer|cli)',
      'The engine obeys and reports.',
    ),
    arrow('main-spawns-engine', '^src/main', '^src/(engine|preload|renderer|cli)', 'Messages, not calls.'),
    arrow(
      'renderer-knows-shared',
      '^src/renderer',
      '^src/(threads|main|engine|preload|cli)',
      'The renderer is a page.',
    ),
    arrow(
      'preload-is-a-bridge',
      '^src/preload',
      '^src/(threads|main|engine|renderer|cli)',
      'The bridge, and nothing else.',
    ),
    arrow(
      'cli-is-a-shell',
      '^src/cli',
      '^src/(engine|preload|renderer)',
      'A shell over the services of main.',
    ),
    {
      name: 'electron-in-its-place',
      severity: 'error',
      from: { pathNot: '^src/(main/shells/desktop|preload)' },
      to: { path: '^(node_modules/)?electron(/|$)' },
    },
    {
      name: 'io-free-shared',
      severity: 'error',
      from: { path: '^src/shared' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'network-through-the-gate',
      severity: 'error',
      comment: 'One way out (docs/network.md), and one way in: the web shell.',
      from: {
        path: '^src/(shared|threads|main|engine|preload|cli)',
        pathNot: '^src/main/(catalogue/network-gate.ts$|shells/web/)',
      },
      to: {
        path: '^(node:)?(http|https|http2|net|tls|dgram|dns|dns/promises|undici)$',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'no-circles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    { name: 'no-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
