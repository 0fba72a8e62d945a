// The first journey in the real window, with the real keystore, store, issuers and services: make a wallet, add
// documents, answer a request, say no to another, show a proof in person, read the history, lock and open again.

import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test as one } from 'node:test';

import { startSandbox } from './sandbox.mjs';
import { Window } from './webdriver.mjs';
import { wordsOf } from './words.mjs';

const PIN = '490317';
const application = join(process.env.WALLET_PROGRAMS, 'citizen-wallet');
const start = ['--practice', '--data-dir', mkdtempSync(join(process.env.WALLET_WORLD, 'journey-'))];
const word = wordsOf('en');
let sandbox;
let window;
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
});

after(async () => {
  await window?.close();
  sandbox?.stop();
});

/** Types the PIN into the field of that name and sends it. */
async function pin(label, button, typed = PIN) {
  await window.type(word(label), typed);
  await window.press('button', word(button));
}

/** From the list of documents: pastes an offer's link and goes on to the check. */
async function receive(offer) {
  await window.press('button', word('home-add'));
  await window.heading(word('add-title'));
  await window.type(word('add-link-label'), offer.uri);
  await window.press('button', word('add-link-button'));
  await window.heading(word('offer-title'));
  if ((await window.text()).includes(word('offer-stranger-title'))) await window.press('checkbox', word('offer-stranger-tick'));
  await window.press('button', word('offer-continue'));
  if (offer.tx_code) {
    await window.heading(word('code-title'));
    await window.type(word('code-label'), offer.tx_code);
    await window.press('button', word('continue'));
  }
  await window.heading(word('check-title'));
}

/** From the check of what was received to the list of documents, with the document kept. */
async function keep() {
  await pin('check-pin', 'check-add');
  await window.says(word('added-lead'));
  await window.press('button', word('to-documents'));
  await window.heading(word('home-title'));
}

/** From the list of documents: pastes a request's link and waits for the question. */
async function ask(request) {
  await window.press('button', word('home-answer'));
  await window.heading(word('answer-title'));
  await window.type(word('answer-link-label'), request.uri);
  await window.press('button', word('answer-link-button'));
  await window.says(word('answer-block-title'));
}

test('a wallet is made with a PIN', async () => {
  await window.heading(word('welcome-title'));
  await window.press('button', word('welcome-start'));
  await window.heading(word('abilities-title'));
  await window.press('button', word('continue'));
  await window.heading(word('device-title'));
  await window.says(word('device-store-os'));
  await window.press('button', word('continue'));
  await window.heading(word('pin-choose-title'));
  await pin('pin-choose-label', 'continue');
  await window.heading(word('pin-repeat-title'));
  await pin('pin-repeat-label', 'pin-repeat-make');
  await window.heading(word('ready-title'));
  await window.press('button', word('ready-look'));
  await window.heading(word('home-title'));
  await window.says(word('home-empty-title'));
});

test('a document with a code from its issuer is added', async () => {
  const offer = await sandbox.offer({ name: 'nhs-details', tx_code: true });
  assert.match(offer.tx_code, /^\d{6}$/);
  await receive(offer);
  await window.says(/NHS/);
  await keep();
  await window.says(/NHS/);
});

test('documents without a code are added, one discarded', async () => {
  await receive(await sandbox.offer({ name: 'driving-licence' }));
  await keep();
  await receive(await sandbox.offer({ name: 'proof-of-age-mdoc' }));
  await keep();
  await receive(await sandbox.offer({ name: 'driving-licence' }));
  await window.press('button', word('check-refuse'));
  await window.heading(word('home-title'));
  const held = await window.runAsync(() => window.__TAURI_INTERNALS__.invoke('documents', {}));
  assert.equal(held.value.length, 3);
});

test('a wrong PIN shares nothing, the right one what was asked', async () => {
  const request = await sandbox.request({ name: 'gp-registration' });
  await ask(request);
  await window.heading(/ asks for/);
  await window.press('button', word('answer-yes'));
  await window.heading(word('share-pin-title'));
  await pin('pin-label-passphrase', 'share-pin-button', '111111');
  await window.says(/That is not right/);
  assert.equal((await sandbox.learnt(request.id)).answers.length, 0);

  await pin('pin-label-passphrase', 'share-pin-button');
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
  await ask(request);
  await window.press('button', word('answer-no'));
  await window.heading(word('result-declined'));
  const learnt = await sandbox.learnt(request.id);
  assert.equal(learnt.error.code, 'access_denied');
  assert.deepEqual(learnt.answers, []);
  await window.press('button', word('to-documents'));
  await window.heading(word('home-title'));
});

test('a code proves an age in person', async () => {
  await window.press('button', word('home-show'));
  await window.heading(word('show-title'));
  await window.press('button', /^I am 18 or over/);
  await window.heading(word('show-check-title'));
  await pin('show-check-pin', 'show-make');
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
  // The request that was answered with no, and the document that was not kept.
  const no = ['declined', 'no'];
  assert.deepEqual(of('declined').map((entry) => [entry.outcome, entry.data_left]), [no, no]);
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
  await pin('pin-label-passphrase', 'unlock-button', '111111');
  await window.says(/That is not right/);
  await pin('pin-label-passphrase', 'unlock-button');
  await window.heading(word('home-title'));
});

test('closed and started again it is locked, and everything is still there', async () => {
  await window.close();
  window = await Window.open(application, start);
  await window.heading(word('unlock-title'));
  await pin('pin-label-passphrase', 'unlock-button');
  await window.heading(word('home-title'));
  const held = await window.runAsync(() => window.__TAURI_INTERNALS__.invoke('documents', {}));
  assert.equal(held.value.length, 3);
});
