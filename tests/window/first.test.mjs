// The empty window: it opens on the first-run screen, and its page can reach nothing but the wallet's commands.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { Window } from './webdriver.mjs';
import { wordsOf } from './words.mjs';

const application = join(process.env.WALLET_PROGRAMS, 'citizen-wallet');
const word = wordsOf('en');
const start = ['--practice', '--data-dir', mkdtempSync(join(process.env.WALLET_WORLD, 'first-'))];
let window;

before(async () => {
  window = await Window.open(application, start);
});

after(() => window?.close());

test('the first screen says what the wallet is', async () => {
  await window.heading(word('welcome-title'));
  assert.equal(await window.run(() => document.documentElement.lang), 'en');
  assert.deepEqual(await window.run(() => [innerWidth, innerHeight]), [1100, 760]);
  await window.control('button', word('welcome-start'));
});

test('the page is the program’s own, and goes nowhere else', async () => {
  assert.match(await window.address(), /^tauri:\/\/localhost\b/);
  await window.run(() => void (location.href = 'https://example.com/'));
  await window.heading(word('welcome-title'));
  assert.match(await window.address(), /^tauri:\/\/localhost\b/);
  assert.equal(await window.run(() => window.open('https://example.com/')), null);
});

test('the page makes no text into code and loads nothing from elsewhere', async () => {
  const tried = await window.runAsync(async () => {
    const outcome = async (work) => {
      try {
        await work();
        return 'done';
      } catch {
        return 'refused';
      }
    };
    return {
      html: await outcome(() => (document.createElement('div').innerHTML = '<b>x</b>')),
      code: await outcome(() => (0, eval)('1')),
      web: await outcome(() => fetch('https://example.com/')),
      machine: await outcome(() => fetch('http://127.0.0.1:8930/')),
    };
  });
  assert.deepEqual(tried, { value: { html: 'refused', code: 'refused', web: 'refused', machine: 'refused' } });
});

test('the page may run the wallet’s commands and no others', async () => {
  const ask = (command) =>
    window.runAsync(async (name) => window.__TAURI_INTERNALS__.invoke(name, {}), command);
  const state = await ask('state');
  assert.equal(state.value.practice, true);
  assert.equal(state.value.initialised, false);
  for (const command of ['plugin:window|close', 'plugin:opener|open_url', 'plugin:event|emit', 'export_keys']) {
    const { error } = await ask(command);
    assert.match(String(error), /not allowed|not found/, `${command} was answered`);
  }
});

test('a second start hands itself over to this window and ends', async () => {
  const second = spawn(application, start, { stdio: 'inherit' });
  const [status] = await once(second, 'exit');
  assert.equal(status, 0);
  await window.heading(word('welcome-title'));
});
