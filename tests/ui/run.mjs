#!/usr/bin/env node
// Walks every screen of the built UI, on the wallet in memory: sizes × themes × languages, keyboard and announcements.
// `npm --prefix ui run test:ui -- [--shots DIR] [--only TEXT] [--no-build]`; prints `N passed, N failed`.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { axeViolations, focusFault, inPage, languageFault, pageFaults } from './checks.mjs';
import { BEHAVIOURS } from './behaviours.mjs';
import { SCREENS } from './screens.mjs';
import { policy, serve } from './serve.mjs';
import { Window } from './window.mjs';
import { wordsOf } from './words.mjs';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const UI = join(ROOT, 'ui');
const BUILT = join(ROOT, 'test-results/ui-fake');
const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const SIZES = [
  { name: '1100', width: 1100, height: 760 },
  { name: '390', width: 390, height: 844 },
  { name: '320', width: 320, height: 640 },
];
const THEMES = ['light', 'dark'];
const LANGUAGES = ['en', 'cy'];
/** Before the wallet opens, nobody knows its language; the device’s is spoken. */
const ENGLISH_ONLY = ['lock-no-start'];
const WORKERS = 2;

const { values: options } = parseArgs({
  options: {
    shots: { type: 'string' },
    only: { type: 'string' },
    'no-build': { type: 'boolean', default: false },
  },
});

if (!existsSync(CHROMIUM)) {
  console.error(`No Chromium at ${CHROMIUM}. Install it (Debian: apt install chromium) or set CHROMIUM.`);
  process.exit(2);
}
if (!options['no-build']) {
  const vite = join(UI, 'node_modules/vite/bin/vite.js');
  const built = spawnSync(
    process.execPath,
    [vite, 'build', '--mode', 'fake', '--outDir', BUILT, '--emptyOutDir', '--logLevel', 'warn'],
    { cwd: UI, stdio: 'inherit' },
  );
  if (built.status !== 0) process.exit(built.status ?? 1);
}
if (options.shots) mkdirSync(options.shots, { recursive: true });

const need = createRequire(join(UI, 'package.json'));
const { chromium } = need('playwright-core');
const axe = need.resolve('axe-core/axe.min.js');
const words = wordsOf(ROOT);
const server = await serve(BUILT, await policy(ROOT));
const browser = await chromium.launch({
  executablePath: CHROMIUM,
  args: [
    '--no-sandbox',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--no-first-run',
    '--disable-gpu',
  ],
});

let passed = 0;
const failures = [];

function told(name, faults) {
  if (faults.length === 0) passed += 1;
  else {
    failures.push(name);
    console.log(`FAILED ${name}`);
    for (const fault of new Set(faults)) console.log(`       ${fault}`);
  }
}

/** A new window, with whatever the policy or the program complains of. */
async function opened(language, settings = {}) {
  const context = await browser.newContext({
    viewport: { width: 1100, height: 760 },
    colorScheme: 'light',
    reducedMotion: 'reduce',
    locale: 'en-GB',
    timezoneId: 'Europe/London',
    ...settings,
  });
  context.setDefaultTimeout(8000);
  await context.addInitScript({ path: axe });
  const page = await context.newPage();
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
  page.on('console', (message) => {
    if (/Content Security Policy|Trusted/.test(message.text()) || message.type() === 'error')
      complaints.push(`console: ${message.text()}`);
  });
  const session = await context.newCDPSession(page);
  return {
    context,
    page,
    session,
    complaints,
    window: new Window(page, server.url, language, words[language]),
  };
}

async function walk([name, way], language) {
  const { context, page, session, complaints, window } = await opened(language);
  try {
    await way(window);
  } catch (error) {
    told(`${name} ${language}: the way there`, [String(error.message).split('\n')[0], ...complaints]);
    await context.close();
    return;
  }
  const focus = way.arrives === false ? null : await focusFault(session);
  told(`${name} ${language}: focus`, focus ? [focus] : []);
  for (const size of SIZES) {
    for (const theme of THEMES) {
      await page.setViewportSize(size);
      await page.emulateMedia({ colorScheme: theme });
      const faults = [
        ...(await pageFaults(session, language)),
        ...(await axeViolations(session, theme === 'dark')),
      ];
      if (language === 'cy' && !name.startsWith('history-entry'))
        faults.push(...[await languageFault(session)].filter(Boolean));
      told(`${name} ${language} ${size.name} ${theme}`, faults);
      if (options.shots && size.name !== '320')
        await page.screenshot({
          path: join(options.shots, `${name}-${size.name}-${theme}-${language}.png`),
          fullPage: true,
        });
    }
  }
  // Text at 200 % and with the spacing of WCAG 1.4.12 loses nothing either.
  await page.setViewportSize(SIZES[0]);
  await inPage(session, () => {
    document.documentElement.dataset.text = '200';
  });
  const large = await pageFaults(session, language);
  told(
    `${name} ${language} 200 %`,
    large.filter((fault) => /sideways|spills|cut/.test(fault)),
  );
  await inPage(session, () => {
    document.documentElement.dataset.text = '100';
    document.documentElement.dataset.theme = 'contrast';
  });
  told(`${name} ${language} high contrast`, await axeViolations(session, true));
  told(`${name} ${language}: policy and program`, complaints);
  await context.close();
}

const wanted = (name) => !options.only || name.includes(options.only);
const jobs = [
  ...Object.entries(BEHAVIOURS)
    .filter(([name]) => wanted(name))
    .map(([name, run]) => async () => {
      const { context, complaints, ...rest } = await opened('en');
      try {
        await run({ ...rest, context, words, url: server.url });
        told(name, complaints);
      } catch (error) {
        told(name, [String(error.message).split('\n').slice(0, 4).join(' ')]);
      }
      await context.close();
    }),
  ...Object.entries(SCREENS)
    .filter(([name]) => wanted(name))
    .flatMap((screen) =>
      LANGUAGES.filter((language) => language === 'en' || !ENGLISH_ONLY.includes(screen[0])).map(
        (language) => () => walk(screen, language),
      ),
    ),
];

const started = Date.now();
await Promise.all(
  Array.from({ length: WORKERS }, async () => {
    for (let job = jobs.shift(); job; job = jobs.shift()) await job();
  }),
);
await browser.close();
await server.stop();

if (passed + failures.length === 0) {
  console.error('No test ran.');
  process.exit(2);
}
console.log(`${passed} passed, ${failures.length} failed (${Math.round((Date.now() - started) / 1000)} s)`);
process.exit(failures.length === 0 ? 0 : 1);
