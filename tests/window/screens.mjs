// Saves a picture of every screen of the real window, in both languages, light and dark, wide and narrow:
//   node tests/window/run.mjs target/debug tests/window/screens.mjs FOLDER [en|cy]

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { Person } from './person.mjs';
import { startSandbox } from './sandbox.mjs';
import { until, Window } from './webdriver.mjs';
import { wordsOf } from './words.mjs';

const SIZES = [
  [1100, 760],
  [390, 844],
];
const THEMES = ['light', 'dark'];

const [folder, only] = process.argv.slice(2);
assert.ok(folder, 'name the folder for the pictures');
mkdirSync(folder, { recursive: true });

for (const language of only ? [only] : ['en', 'cy']) await walk(language);

async function walk(language) {
  const word = wordsOf(language);
  const sandbox = await startSandbox();
  const data = mkdtempSync(join(process.env.WALLET_WORLD, 'screens-'));
  const application = join(process.env.WALLET_PROGRAMS, 'citizen-wallet');
  const window = await Window.open(application, ['--practice', '--data-dir', data]);
  const sees = (name) => pictures(window, `${name}-${language}`);
  const person = new Person(window, word, sees);
  const press = (button) => window.press('button', typeof button === 'string' ? word(button) : button);
  const arrive = async (name, heading) => {
    await window.heading(typeof heading === 'string' ? word(heading) : heading);
    await sees(name);
  };
  try {
    await window.heading(wordsOf('en')('welcome-title'));
    if (language === 'cy') await window.press('button', wordsOf('cy')('language-cy'));

    await person.makesWallet();
    await person.receives(await sandbox.offer({ name: 'nhs-details', tx_code: true }));
    await person.keeps();
    for (const name of ['driving-licence', 'proof-of-age-mdoc', 'right-to-work']) {
      await person.receives(await sandbox.offer({ name, tx_code: false }));
      await person.keeps();
    }
    await until('the documents', async () => (await window.all('main .glyph')).length >= 4);
    await sees('home-2-documents');

    const documents = await window.run(() =>
      [...document.querySelectorAll('main button, main a')].map((control) => control.textContent.trim()),
    );
    const licence = documents.find((text) => /Driving licence|Trwydded yrru/.test(text));
    if (licence) {
      await window.run(
        (text) => [...document.querySelectorAll('main button, main a')].find((control) => control.textContent.trim() === text).click(),
        licence,
      );
      await until('the document', async () => /Driving licence|Trwydded yrru/.test(await window.text('h1')));
      await sees('document-1-details');
      await press('document-remove');
      await arrive('document-2-remove', 'remove-title');
      await press('remove-keep');
    }
    await press('nav-documents');

    await person.reads(await sandbox.request({ name: 'gp-registration' }));
    await press('answer-yes');
    await arrive('share-4-pin', 'share-pin-title');
    await person.types('pin-label-passphrase', 'share-pin-button', '111111');
    await until('the error', async () => (await window.all('.field-error')).length > 0);
    await sees('share-5-wrong-pin');
    await person.types('pin-label-passphrase', 'share-pin-button');
    await arrive('share-6-shared', 'result-shared');
    await press('result-history');
    await window.says(word('history-line-from')).catch(() => undefined);
    await sees('history-2-entry');
    await press('back');
    await press('nav-documents');

    await person.reads(await sandbox.request({ name: 'shop-age' }));
    await press('answer-no');
    await arrive('share-7-declined', 'result-declined');
    await press('to-documents');

    await person.reads(await sandbox.request({ name: 'too-much' }), 'who-blocked');
    await press('blocked-close');
    await window.heading(word('result-declined'));
    await press('to-documents');

    await press('home-answer');
    await window.type(word('answer-link-label'), 'openid4vp://?request_uri=nowhere');
    await press('answer-link-button');
    await until('the problem', async () => (await window.all('[role=alert], .problem, [class*=notice]')).length > 0);
    await sees('problem-1-link');
    await press('back');

    await press('home-show');
    await arrive('show-1-proofs', 'show-title');
    await press(/18/);
    await arrive('show-2-check', 'show-check-title');
    await person.types('show-check-pin', 'show-make');
    await window.says(word('code-works'));
    await sees('show-3-code');
    await press('code-stop');
    await arrive('show-4-read', 'code-asked-title');
    await press('code-asked-yes');

    await press('nav-history').catch(() => undefined);
    await arrive('history-1-list', 'history-title');
    await press('nav-settings');
    await sees('settings');
    await press('nav-lock');
    await arrive('lock', 'unlock-title');
  } finally {
    await window.close();
    sandbox.stop();
  }
}

/** In the page: fonts are there, colours have changed, and the new size has been drawn. */
async function settled() {
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  await document.fonts.ready;
  await frame();
  const ending = document.getAnimations().filter((animation) => animation.effect.getComputedTiming().iterations !== Infinity);
  // One that stands still never ends.
  const enough = new Promise((resolve) => setTimeout(resolve, 1000));
  await Promise.race([Promise.allSettled(ending.map((animation) => animation.finished)), enough]);
  await frame();
  await frame();
}

/** One screen in every size and theme, the whole length of its page where it is longer than the window. */
async function pictures(window, name) {
  const theme = await window.run(() => document.documentElement.dataset.theme ?? '');
  for (const [width, height] of SIZES) {
    await window.size(width, height);
    await until('the new size', () => window.run((wanted) => innerWidth === wanted, width));
    for (const look of THEMES) {
      await window.run((value) => void (document.documentElement.dataset.theme = value), look);
      await window.runAsync(settled);
      const file = resolve(folder, `${name}-${width}x${height}-${look}.png`);
      writeFileSync(file, await window.picture());
    }
  }
  await window.run((value) => void (document.documentElement.dataset.theme = value), theme);
  await window.size(...SIZES[0]);
  await until('the usual size', () => window.run((wanted) => innerWidth === wanted, SIZES[0][0]));
  console.log(`  ${name}`);
}
