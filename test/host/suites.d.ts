/** Made by esbuild.js: imports every test/host/**\/*.test.ts, so that none can be forgotten. */
declare module 'host-suites';
