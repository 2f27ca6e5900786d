/** @type {import('jest').Config} */
const swc = (syntax, module, tsx = false) => [
  '@swc/jest',
  {
    swcrc: false,
    sourceMaps: 'inline',
    module: { type: module },
    jsc: {
      target: 'es2023',
      keepClassNames: true,
      parser: { syntax, decorators: true, dynamicImport: true, tsx },
      transform: {
        legacyDecorator: true,
        decoratorMetadata: true,
        useDefineForClassFields: false,
        react: { runtime: 'automatic' },
      },
      experimental: { keepImportAttributes: true },
    },
  },
];
// ESM-only packages that CommonJS dependencies `require()`: Node can, Jest only on Node >= 24.9.
const requiredEsm = 'cookie|content-disposition';
const base = {
  rootDir: import.meta.dirname,
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  moduleFileExtensions: ['js', 'mjs', 'cjs', 'ts', 'tsx', 'json', 'node'],
  transform: {
    '^.+\\.ts$': swc('typescript', 'es6'),
    '^.+\\.tsx$': swc('typescript', 'es6', true),
    [`/node_modules/(${requiredEsm})/.+\\.js$`]: swc('ecmascript', 'commonjs'),
  },
  transformIgnorePatterns: [`/node_modules/(?!(.*/)?(${requiredEsm})/)`],
  moduleNameMapper: { '^@segel/([^/]+)$': '<rootDir>/libs/$1/src/index.ts', '^(\\.{1,2}/.*)\\.js$': '$1' },
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/.data'],
};
export default {
  // One more than the two cores of the machine that checks every push: many tests wait for clocks, disks and browsers.
  maxWorkers: 3,
  // Real databases, servers and keys on two cores: slow is not wrong.
  testTimeout: 120_000,
  testSequencer: '<rootDir>/test/support/longest-first.mjs',
  coverageProvider: 'v8',
  projects: [
    { ...base, displayName: 'libs', testMatch: ['<rootDir>/{libs,apps/cli,apps/witness,apps/web}/**/*.spec.{ts,tsx}'] },
    {
      ...base,
      displayName: 'system',
      testMatch: ['<rootDir>/{apps/api,apps/launcher,test}/**/*.spec.ts'],
      globalSetup: '<rootDir>/test/support/global-setup.mjs',
      globalTeardown: '<rootDir>/test/support/global-teardown.mjs',
    },
  ],
};
