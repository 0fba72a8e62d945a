// The first journey in the real window, with the real keystore, store, issuers and services: make a wallet, add
// documents, answer a request, say no to another, show a proof in person, read the history, lock and open again.

import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test as one } from 'node:test';

import { Person } from './person.mjs';
import { startSandbox } from './sandbox.mjs';
import { Window } from './webdriver.mjs';
import { wordsOf } from './words.mjs';

const application = join(process.env.WALLET_PROGRAMS, 'citizen-wallet');
const start = ['--practice', '--data-dir', mkdtempSync(join(process.env.WALLET_WORLD, 'journey-'))];
const word = wordsOf('en');
let sandbox;
let window;
let person;
let broken;

/** One step of the journey; the ones after a step that failed have nothing to stand on. */
function test(name, work) {
  one(name, async (step) => {
    if (broken) return step.skip(`after “${broken}”`);
    broken = name;
    await work();
    broken = undefined;
  });
}

before(async () => {
  sandbox = await startSandbox();
  window = await Window.open(application, start);
  person = new Person(window, word);
});

after(async () => {
  await window?.close();
  sandbox?.stop();
});

test('a wallet is made with a PIN', async () => {
  await person.makesWallet();
  await window.says(word('home-empty-title'));
});

test('a document with a code from its issuer is added', async () => {
  const offer = await sandbox.offer({ name: 'nhs-details', tx_code: true });
  assert.match(offer.tx_code, /^\d{6}$/);
  await person.receives(offer);
  await window.says(/NHS/);
  await person.keeps();
  await window.says(/NHS/);
});

test('documents without a code are added, one discarded', async () => {
  await person.receives(await sandbox.offer({ name: 'driving-licence' }));
  await person.keeps();
  await person.receives(await sandbox.offer({ name: 'proof-of-age-mdoc' }));
  await person.keeps();
  await person.receives(await sandbox.offer({ name: 'driving-licence' }));
  await window.press('button', word('check-refuse'));
  await window.heading(word('home-title'));
  const held = await window.runAsync(() => window.__TAURI_INTERNALS__.invoke('documents', {}));
  assert.equal(held.value.length, 3);
});

test('a wrong PIN shares nothing, the right one what was asked', async () => {
  const request = await sandbox.request({ name: 'gp-registration' });
  await person.reads(request);
  await window.heading(/ asks for/);
  await window.press('button', word('answer-yes'));
  await window.heading(word('share-pin-title'));
  await person.types('pin-label-passphrase', 'share-pin-button', '111111');
  await window.says(/That is not right/);
  assert.equal((await sandbox.learnt(request.id)).answers.length, 0);

  await person.types('pin-label-passphrase', 'share-pin-button');
  await window.heading(word('result-shared'));
  const learnt = await sandbox.learnt(request.id);
  assert.equal(learnt.valid, true, JSON.stringify(learnt.checks));
  assert.ok(learnt.answers.length > 0);
  await window.press('button', word('result-history'));
  await window.says(/Shared \d+ details/);
  await window.press('button', word('back'));
  await window.heading(word('home-title'));
});

test('a no tells the service no and nothing else', async () => {
  const request = await sandbox.request({ name: 'shop-age' });
  await person.reads(request);
  await window.press('button', word('answer-no'));
  await window.heading(word('result-declined'));
  const learnt = await sandbox.learnt(request.id);
  assert.equal(learnt.error.code, 'access_denied');
  assert.deepEqual(learnt.answers, []);
  await window.press('button', word('to-documents'));
  await window.heading(word('home-title'));
});

test('sensitive details cannot be shared with a service on no register', async () => {
  const request = await sandbox.request({ name: 'too-much' });
  await person.reads(request, 'who-blocked');
  const buttons = await window.run(() => [...document.querySelectorAll('button')].map((button) => button.innerText.trim()));
  assert.ok(!buttons.includes(word('answer-yes')), buttons.join(', '));
  await window.press('button', word('blocked-close'));
  await window.heading(word('result-declined'));
  assert.deepEqual((await sandbox.learnt(request.id)).answers, []);
  await window.press('button', word('to-documents'));
  await window.heading(word('home-title'));
});

test('a code proves an age in person', async () => {
  await window.press('button', word('home-show'));
  await window.heading(word('show-title'));
  await window.press('button', /^I am 18 or over/);
  await window.heading(word('show-check-title'));
  await person.types('show-check-pin', 'show-make');
  await window.says(word('code-works'));
  await window.control('[role=img]', word('code-name'));
  await window.press('button', word('code-stop'));
  await window.heading(word('code-asked-title'));
  await window.press('button', word('code-asked-yes'));
});

test('the history says what left, what did not, and that nothing was changed', async () => {
  const ask = (command, args) =>
    window.runAsync((name, values) => window.__TAURI_INTERNALS__.invoke(name, values), command, args);
  const filter = { service: null, document: null, kind: null, since: null, search: null };
  const { value: entries } = await ask('history', { filter });
  const of = (kind) => entries.filter((entry) => entry.kind === kind);
  assert.equal(of('added').length, 3);
  assert.deepEqual(of('shared').map((entry) => [entry.outcome, entry.data_left]), [['done', 'yes']]);
  // Two requests that were answered with no, and the document that was not kept.
  const no = ['declined', 'no'];
  assert.deepEqual(of('declined').map((entry) => [entry.outcome, entry.data_left]), [no, no, no]);
  assert.equal(of('shown').length, 1);
  const { value: proof } = await ask('verify_history', {});
  assert.equal(proof.ok, true);
  // What was begun and how it ended are links of their own.
  assert.ok(proof.entries >= entries.length, `${proof.entries} links for ${entries.length} entries`);
});

test('locked it shows nothing, and the PIN opens it again', async () => {
  await window.press('button', word('nav-lock'));
  await window.heading(word('unlock-title'));
  const closed = await window.runAsync(() => window.__TAURI_INTERNALS__.invoke('documents', {}));
  assert.equal(closed.error.code, 'wallet-locked');
  await person.types('pin-label-passphrase', 'unlock-button', '111111');
  await window.says(/That is not right/);
  await person.types('pin-label-passphrase', 'unlock-button');
  await window.heading(word('home-title'));
});

test('closed and started again it is locked, and everything is still there', async () => {
  await window.close();
  window = await Window.open(application, start);
  person = new Person(window, word);
  await window.heading(word('unlock-title'));
  await person.types('pin-label-passphrase', 'unlock-button');
  await window.heading(word('home-title'));
  const held = await window.runAsync(() => window.__TAURI_INTERNALS__.invoke('documents', {}));
  assert.equal(held.value.length, 3);
});
