import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

/**
 * Imports go one way: app → journeys → consent → components → words, wallet. A folder may name those to its right only.
 * Only `wallet/` speaks to Tauri.
 */
const floors = ['app', 'journeys', 'consent', 'components', 'words', 'wallet'];
const tauri = { group: ['@tauri-apps/*'], message: 'Only ui/src/wallet speaks to Tauri.' };

const upwards = floors.map((floor, index) => ({
  files: [`src/${floor}/**/*.{ts,svelte}`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          ...(floor === 'wallet' ? [] : [tauri]),
          ...floors.slice(0, index).map((above) => ({
            group: [`**/${above}/**`],
            message: `${floor}/ stands below ${above}/ and must not import it.`,
          })),
        ],
      },
    ],
  },
}));

export default ts.config(
  { ignores: ['dist/**', 'node_modules/**', 'src/wallet/bindings/**'] },
  js.configs.recommended,
  ...ts.configs.strict,
  ...svelte.configs.recommended,
  {
    languageOptions: { globals: { ...globals.browser, ...globals.node, __VERSION__: 'readonly' } },
    rules: {
      'svelte/no-at-html-tags': 'error',
      'svelte/no-inline-styles': 'error',
      'svelte/require-each-key': 'error',
      'svelte/button-has-type': 'error',
      'no-eval': 'error',
      // A command that answers nothing is `invoke<void>`.
      '@typescript-eslint/no-invalid-void-type': 'off',
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser, svelteConfig } },
  },
  ...upwards,
);
