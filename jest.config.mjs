/** Jest stays (Nest's own samples moved to vitest): one runner for pure, database, HTTP and browser tests, ESM throughout. */
export default {
  rootDir: '.',
  testEnvironment: 'node',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  // Not `x.json.js`: that is a script of its own beside x.json.
  moduleNameMapper: { '^(\\.{1,2}/.*(?<!\\.json))\\.js$': '$1' },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        module: { type: 'es6' },
        jsc: {
          target: 'es2024',
          keepClassNames: true,
          parser: { syntax: 'typescript', decorators: true, dynamicImport: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
        },
      },
    ],
  },
  setupFiles: ['<rootDir>/test/setup.ts'],
  globalSetup: '<rootDir>/test/cluster.mjs',
  globalTeardown: '<rootDir>/test/cluster_end.mjs',
  // Both cores of a small machine; a busy one is slow, not wrong.
  maxWorkers: '100%',
  testTimeout: 600_000,
  // What a file loaded stays in its process as modules; a process that has grown is replaced between two files.
  workerIdleMemoryLimit: '1500MB',
};
