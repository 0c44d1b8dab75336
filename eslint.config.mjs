import js from '@eslint/js';
import ts from 'typescript-eslint';

/** Node's modules and globals belong in *.node.ts, browser globals in *.web.ts. */
const nodeModules = {
  patterns: [
    { regex: '^node:', message: 'Node built-ins only in *.node.ts files.' },
    { regex: '^onnxruntime-web', message: 'Only in session.*.ts of the engine.' },
    {
      regex: '\\.(node|web)$',
      message: 'Shared files must not import a file made for one target.',
    },
  ],
};
const nodeGlobals = ['process', 'Buffer', '__dirname', '__filename', 'require'];
const webGlobals = ['window', 'document', 'navigator', 'self', 'Worker', 'fetch'];

export default ts.config(
  {
    ignores: [
      'dist/',
      'out/',
      'models/',
      'test/hosts/.cache/',
      'server/engine/kernel/assembly/',
      'test/corpus/',
      'test/reference/',
      'samples/',
    ],
  },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [...ts.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      eqeqeq: 'error',
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true } }],
    },
  },
  {
    files: ['server/**/*.ts', 'client/**/*.ts', 'channel/**/*.ts', 'archive/**/*.ts'],
    ignores: ['**/*.node.ts', '**/*.web.ts'],
    rules: {
      'no-restricted-imports': ['error', nodeModules],
      'no-restricted-globals': ['error', ...nodeGlobals, ...webGlobals],
    },
  },
  {
    files: ['server/**/*.ts'],
    ignores: ['server/lsp/**', 'server/main.*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: [{ name: 'vscode', message: 'The server never imports vscode.' }],
          patterns: [
            { regex: '^vscode-languageserver(/|$)', message: 'Only the LSP adapter speaks LSP.' },
          ],
        },
      ],
    },
  },
  {
    files: ['test/**/*.ts'],
    rules: { '@typescript-eslint/no-unused-expressions': 'off' },
  },
  {
    files: ['**/*.js', '**/*.mjs', '**/*.cjs'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        require: 'readonly',
        module: 'writable',
        __dirname: 'readonly',
        Buffer: 'readonly',
        URL: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        fetch: 'readonly',
        performance: 'readonly',
        URLSearchParams: 'readonly',
      },
    },
  },
);
