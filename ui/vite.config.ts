import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';
import pack from './package.json' with { type: 'json' };

/**
 * The window's policy allows files of our own only, so nothing may be inlined: no data: fonts, no inline script.
 * `--mode fake` builds the same screens on the in-memory wallet, for `tests/ui`; the product contains no fake.
 */
export default defineConfig({
  base: './',
  plugins: [svelte()],
  define: { __VERSION__: JSON.stringify(pack.version) },
  server: { host: '127.0.0.1', port: 1420, strictPort: true },
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
  },
  test: { include: ['src/**/*.test.ts'] },
});
