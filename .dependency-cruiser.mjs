/**
 * The independence of features, held by `npm run check` and by worker/test-node/independence.test.ts.
 * @type {import('dependency-cruiser').IConfiguration}
 */
// biome-ignore lint/style/noDefaultExport: dependency-cruiser reads it from there
export default {
  forbidden: [
    {
      name: 'features-are-independent',
      comment: 'A feature asks another for what it needs through a port that services.ts fills.',
      severity: 'error',
      from: { path: '^worker/src/features/([^/]+)/', pathNot: '\\.test\\.ts$' },
      to: { path: '^worker/src/', pathNot: '^worker/src/(platform|features/$1)/' },
    },
    {
      name: 'features-share-only-the-contract',
      comment: 'Of the other workspaces a feature knows the transcoder’s contract and nothing else.',
      severity: 'error',
      from: { path: '^worker/src/features/', pathNot: '\\.test\\.ts$' },
      to: { path: '^(transcoder|web|durable-objects|scripts)/', pathNot: '^transcoder/src/contract\\.ts$' },
    },
    {
      name: 'media-knows-no-database',
      comment:
        'The gateway may one day be a Worker of its own: tokens, keys, the cache and the bucket are all it has.',
      severity: 'error',
      from: { path: '^worker/src/features/media/' },
      to: { path: '(^worker/src/platform/db\\.ts$|node_modules/drizzle-orm/|/tables\\.ts$|/store\\.ts$)' },
    },
    {
      name: 'platform-knows-no-features',
      severity: 'error',
      from: { path: '^worker/src/platform/' },
      to: { path: '^worker/src/', pathNot: '^worker/src/platform/' },
    },
    {
      name: 'schemas-are-browser-safe',
      comment: 'Schemas are what the web may share: data and zod.',
      severity: 'error',
      from: { path: '^worker/src/features/[^/]+/schemas\\.ts$' },
      to: { path: '(/(store|service|routes|tables)\\.ts$|^worker/src/platform/(db|env|log)\\.ts$)' },
    },
    {
      name: 'nothing-imports-tests',
      severity: 'error',
      from: { pathNot: '(\\.test\\.ts$|^worker/(test|test-node)/)' },
      to: { path: '(\\.test\\.ts$|^worker/(test|test-node)/)' },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'worker/tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'default'] },
  },
};
