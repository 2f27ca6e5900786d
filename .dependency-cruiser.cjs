/** The import table of the house: who may import whom. test/house.spec.ts runs it too. */
const lib = (name, may, packages) => ({
  name: `libs-${name}`,
  severity: 'error',
  comment: `libs/${name} may import only: ${[...may, ...packages].join(', ') || 'nothing'}`,
  from: { path: `^libs/${name}/src/`, pathNot: '\\.spec\\.ts$' },
  to: { pathNot: [`^libs/(${[name, ...may].join('|')})/`, ...packages.map((p) => `node_modules/${p}`)] },
});

module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      from: { pathNot: '\\.entity\\.ts$' },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    lib('encoding', [], ['@noble/hashes', '@noble/curves']),
    lib('tlog', ['encoding'], ['@noble/']),
    lib('sealing', ['encoding', 'tlog'], ['age-encryption', '@noble/']),
    lib('procurement', ['encoding'], ['big\\.js', '@types/big\\.js']),
    lib('evidence', ['encoding', 'procurement'], []),
    lib('acts', ['encoding', 'tlog', 'sealing', 'procurement', 'evidence'], []),
    lib('ocds', ['encoding', 'procurement'], []),
    lib('client', [], []),
    {
      name: 'lib-entry-only',
      comment: 'other rooms enter a library by its front door',
      severity: 'error',
      from: { path: '^(apps|libs)/([^/]+)/' },
      to: { path: '^libs/([^/]+)/', pathNot: ['^libs/[^/]+/src/index\\.ts$', '^libs/$2/'] },
    },
    {
      name: 'libs-not-apps',
      severity: 'error',
      from: { path: '^libs/' },
      to: { path: '^(apps|test)/', pathNot: '\\.spec\\.ts$' },
    },
    {
      name: 'app-not-other-app',
      severity: 'error',
      from: { path: '^apps/([^/]+)/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'strangers-tools-are-light',
      comment: 'the command line and the witness: libs, node and their own small packages',
      severity: 'error',
      from: { path: '^apps/(cli|witness)/src/', pathNot: '\\.spec\\.ts$' },
      to: { path: 'node_modules/', pathNot: ['node_modules/(age-encryption|@noble/|tus-js-client)'] },
    },
    {
      name: 'web-has-no-database',
      comment: 'pages know the API through its client; islands are built apart and run in the browser',
      severity: 'error',
      from: { path: '^apps/web/src/(?!islands/)', pathNot: '\\.spec\\.tsx?$' },
      to: {
        path: 'node_modules/',
        pathNot: [
          'node_modules/(@types/)?(@nestjs/|react|react-dom|fastify|@fastify/|reflect-metadata|rxjs|qr|write-excel-file|node)(/|$|[a-z])',
          // Sets documents, in a thread of its own.
          'node_modules/@myriaddreamin/',
        ],
      },
    },
    {
      name: 'platform-knows-no-feature',
      severity: 'error',
      from: { path: '^apps/api/src/platform/' },
      to: { path: '^apps/api/src/(?!platform/)', pathNot: '^apps/api/src/migrations/' },
    },
    {
      name: 'features-share-nothing-but-entities',
      severity: 'error',
      from: { path: '^apps/api/src/(?!platform/|migrations/)([^/]+)/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^apps/api/src/', pathNot: ['^apps/api/src/platform/', '^apps/api/src/$1/', '\\.entity\\.ts$'] },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
