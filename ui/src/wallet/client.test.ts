/** The window's functions and the app's commands are the same set. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const source = readFileSync(new URL('./client.ts', import.meta.url), 'utf8');
const invoked = [...source.matchAll(/invoke<[^']*>\(\s*'([a-z_]+)'/g)].map((match) => match[1]).sort();
const permissions = new URL('../../../src-tauri/permissions/', import.meta.url);

describe('client', () => {
  it('invokes each command once', () => {
    expect(invoked.length).toBe(32);
    expect(new Set(invoked).size).toBe(invoked.length);
  });

  it.runIf(existsSync(permissions))('invokes the commands the window is permitted, and no other', () => {
    const allowed = readdirSync(permissions)
      .filter((name) => name.endsWith('.toml'))
      .map((name) => readFileSync(new URL(name, permissions), 'utf8'))
      .flatMap((text) => [...text.matchAll(/commands\.allow = \[([^\]]*)\]/g)].map((match) => match[1] ?? ''))
      .flatMap((list) => [...list.matchAll(/"([a-z_]+)"/g)].map((match) => match[1]));
    expect([...allowed].sort()).toEqual(invoked);
  });
});
