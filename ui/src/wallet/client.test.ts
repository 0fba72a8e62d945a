/** The window's functions and the app's commands are the same set. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const source = readFileSync(new URL('./client.ts', import.meta.url), 'utf8');
const invoked = [...source.matchAll(/invoke<[^']*>\(\s*'([a-z_]+)'/g)].map((match) => match[1]).sort();
const permissions = new URL('../../../src-tauri/permissions/', import.meta.url);

describe('client', () => {
  it('invokes each command once', () => {
    expect(invoked.length).toBe(27);
    expect(new Set(invoked).size).toBe(invoked.length);
  });

  it.runIf(existsSync(permissions) && readdirSync(permissions).some((name) => name.endsWith('.toml')))(
    'invokes only commands that the window is permitted',
    () => {
      const allowed = readdirSync(permissions)
        .filter((name) => name.endsWith('.toml'))
        .flatMap((name) => [...readFileSync(new URL(name, permissions), 'utf8').matchAll(/"([a-z_]+)"/g)])
        .map((match) => match[1]);
      for (const command of invoked) expect(allowed).toContain(command);
    },
  );
});
