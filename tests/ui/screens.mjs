// Every screen in every state, and how a person gets there. A step is a function of the window (`window.mjs`).

const NAMES = {
  en: {
    licence: 'Driving licence',
    passport: 'Passport',
    work: 'Right to work',
    over18: 'I am 18 or over',
    identity: 'Who I am',
  },
  cy: {
    licence: 'Trwydded yrru',
    passport: 'Pasbort',
    work: 'Hawl i weithio',
    over18: 'Rwy’n 18 oed',
    identity: 'Pwy ydw i',
  },
};
const of = (w) => NAMES[w.language];

async function toDevice(w, scenario = 'first-run') {
  await w.open(scenario);
  await w.press('welcome-start');
  await w.press('continue');
  await w.heading('device-title');
}
async function toChoose(w, scenario) {
  await toDevice(w, scenario);
  await w.press('continue');
  await w.heading('pin-choose-title');
}
async function toRepeat(w) {
  await toChoose(w);
  await w.pin('pin-choose-label');
  await w.press('continue');
  await w.heading('pin-repeat-title');
}
async function toQuestion(w, state) {
  await w.open();
  await w.request(state);
  await w.page.getByRole('heading', { name: w.t('answer-block-title') }).waitFor();
}
async function toPin(w, state = 'a') {
  await toQuestion(w, state);
  await w.press('answer-yes');
  await w.heading('share-pin-title');
}
async function toResult(w, state) {
  await toPin(w, state);
  await w.pin();
  await w.press('share-pin-button');
}
async function toCheck(w) {
  await w.open();
  await w.offer('licence');
  await w.press('offer-continue');
  await w.heading('check-title');
}
async function toShowCheck(w, proof, scenario) {
  await w.open(scenario);
  await w.press('nav-show');
  await w.pressNamed(of(w)[proof]);
  await w.heading('show-check-title');
}
async function toCode(w, scenario) {
  await toShowCheck(w, 'over18', scenario);
  await w.pin('show-check-pin');
  await w.press('show-make');
}
async function toHistory(w, scenario) {
  await w.open(scenario);
  await w.press('nav-history');
  await w.heading('history-title');
}

/** Name of the screen → the way there. */
export const SCREENS = {
  'first-run-1-welcome': (w) => w.open('first-run'),
  'first-run-2-abilities': async (w) => {
    await w.open('first-run');
    await w.press('welcome-start');
    await w.heading('abilities-title');
  },
  'first-run-3-device': (w) => toDevice(w),
  'first-run-3-device-file': (w) => toDevice(w, 'first-run-file'),
  'first-run-4-pin': (w) => toChoose(w),
  'first-run-4-pin-file': (w) => toChoose(w, 'first-run-file'),
  'first-run-4-pin-easy': async (w) => {
    await toChoose(w);
    await w.pin('pin-choose-label', '123456');
    await w.press('continue');
    await w.page.getByText(w.t('pin-choose-easy')).waitFor();
  },
  'first-run-5-repeat': toRepeat,
  'first-run-5-repeat-different': async (w) => {
    await toRepeat(w);
    await w.pin('pin-repeat-label', '314159');
    await w.press('pin-repeat-make');
    await w.page.getByText(w.t('pin-repeat-different')).waitFor();
  },
  'first-run-8-ready': async (w) => {
    await toRepeat(w);
    await w.pin('pin-repeat-label');
    await w.press('pin-repeat-make');
    await w.heading('ready-title');
  },

  'lock-unlock': (w) => w.open('locked'),
  'lock-unlock-wrong': async (w) => {
    await w.open('locked');
    await w.pin('pin-label-passphrase', '000000');
    await w.press('unlock-button');
    await w.page.getByText(w.t('pin-tries-left', { count: 4 })).waitFor();
  },
  'lock-unlock-blocked': async (w) => {
    await w.open('locked');
    for (let tries = 4; tries >= 0; tries -= 1) {
      await w.pin('pin-label-passphrase', '000000');
      await w.press('unlock-button');
      await (
        tries > 0 ? w.page.getByText(w.t('pin-tries-left', { count: tries })) : w.page.getByRole('timer')
      ).waitFor();
    }
  },
  'lock-waiting': (w) => w.open('locked-waiting'),
  'lock-idle': async (w) => {
    await w.page.clock.install();
    await w.open();
    await w.page.clock.runFor(242_000);
    await w.page.getByRole('dialog').waitFor();
  },
  'lock-no-start': (w) => w.open('no-start'),

  home: async (w) => {
    await w.open();
    await w.page.getByRole('button', { name: new RegExp(`^${of(w).licence}`) }).waitFor();
  },
  'home-all-states': async (w) => {
    await w.open('all-states');
    await w.page.getByLabel(w.t('home-search')).waitFor();
  },
  'home-search-none': async (w) => {
    await w.open('all-states');
    await w.type('home-search', 'zzz');
    await w.page.getByText(w.t('home-found', { count: 0 })).waitFor();
  },
  'home-empty': async (w) => {
    await w.open('empty');
    await w.page.getByRole('heading', { name: w.t('home-empty-title') }).waitFor();
  },
  'home-loading': (w) => w.open('slow'),
  'home-broken': async (w) => {
    await w.open('broken');
    await w.page.getByRole('alert').waitFor();
  },
  'home-waiting': async (w) => {
    await w.open('waiting');
    await w.page.getByText(w.t('home-waiting'), { exact: true }).waitFor();
  },
  'home-pending': async (w) => {
    await w.open('pending');
    await w.press('nav-settings');
    await w.page.waitForTimeout(500);
    await w.press('nav-documents');
    await w.page.getByText(w.t('received-waiting'), { exact: true }).waitFor();
  },

  document: async (w) => {
    await w.open();
    await w.pressNamed(of(w).licence);
    await w.headingText(of(w).licence);
  },
  'document-shown': async (w) => {
    await SCREENS.document(w);
    await w.press('document-show');
    await w.unfold('document-technical');
  },
  'document-not-checked': async (w) => {
    await w.open();
    await w.pressNamed(of(w).passport);
    await w.press('document-check');
    await w.page.getByRole('alert').waitFor();
  },
  'document-fresh': async (w) => {
    await SCREENS.document(w);
    await w.press('fresh-ask');
    await w.page.getByText(w.t('fresh-fetched')).waitFor();
  },
  'document-fresh-ended': async (w) => {
    await w.open();
    await w.pressNamed(of(w).work);
    await w.page.getByText(w.t('fresh-ended', { issuer: 'Home Office (Practice)' })).waitFor();
  },
  'document-changed': async (w) => {
    await w.open();
    await w.pressNamed(of(w).passport);
    await w.press('fresh-ask');
    await w.heading('check-changed-title');
  },
  'document-remove': async (w) => {
    await SCREENS.document(w);
    await w.press('document-remove');
    await w.heading('remove-title', { name: of(w).licence });
  },
  'document-remove-wrong': async (w) => {
    await SCREENS['document-remove'](w);
    await w.pin('remove-pin', '000000');
    await w.press('remove-button');
    await w.page.getByText(w.t('pin-tries-left', { count: 4 })).waitFor();
  },
  'document-removed': async (w) => {
    await SCREENS['document-remove'](w);
    await w.pin('remove-pin');
    await w.press('remove-button');
    await w.heading('removed-title', { name: of(w).licence });
  },

  'add-1-link': async (w) => {
    await w.open();
    await w.press('home-add');
    await w.page.getByLabel(w.t('add-link-label')).waitFor();
  },
  'add-1-link-missing': async (w) => {
    await SCREENS['add-1-link'](w);
    await w.press('add-link-button');
    await w.page.getByText(w.t('add-link-missing')).waitFor();
  },
  'add-1-link-other': async (w) => {
    await SCREENS['add-1-link'](w);
    await w.type('add-link-label', 'https://elsewhere.example/');
    await w.press('add-link-button');
    await w.page.getByRole('alert').waitFor();
  },
  'add-1-link-request': async (w) => {
    await SCREENS['add-1-link'](w);
    await w.type('add-link-label', 'openid4vp://practice');
    await w.press('add-link-button');
    await w.page.getByText(w.t('wrong-kind-request')).waitFor();
  },
  'add-3-offer': async (w) => {
    await w.open();
    await w.offer('licence');
    await w.page.getByRole('button', { name: w.t('offer-refuse') }).waitFor();
  },
  'add-3-offer-two': async (w) => {
    await w.open();
    await w.offer('two');
    await w.press('offer-continue');
    await w.page.getByText(w.t('offer-choose-none')).waitFor();
  },
  'add-3-offer-stranger': async (w) => {
    await w.open();
    await w.offer('stranger');
    await w.press('offer-continue');
    await w.page.getByText(w.t('offer-stranger-tick-missing')).waitFor();
  },
  'add-4-code': async (w) => {
    await w.open();
    await w.offer('code');
    await w.press('offer-continue');
    await w.heading('code-title');
  },
  'add-4-code-wrong': async (w) => {
    await SCREENS['add-4-code'](w);
    await w.type('code-label', '654321');
    await w.press('continue');
    await w.page.getByText(w.t('code-wrong')).waitFor();
  },
  'add-5-sign-in': async (w) => {
    await w.open();
    await w.offer('browser');
    await w.press('offer-continue');
    await w.heading('browser-title');
  },
  'add-6-getting': async (w) => {
    await w.open();
    await w.offer('slow');
    await w.press('offer-continue');
    await w.heading('getting-title');
  },
  'add-7-later': async (w) => {
    await w.open();
    await w.offer('later');
    await w.press('offer-continue');
    await w.heading('promised-title');
  },
  'home-promised': async (w) => {
    await SCREENS['add-7-later'](w);
    await w.press('to-documents');
    await w.page.getByRole('heading', { name: w.t('promised-list') }).waitFor();
  },
  'add-6-refused': async (w) => {
    await w.open();
    await w.offer('refused');
    await w.press('offer-continue');
    await w.page.getByRole('alert').waitFor();
  },
  'add-7-check': toCheck,
  'add-8-added': async (w) => {
    await toCheck(w);
    await w.pin('check-pin');
    await w.press('check-add');
    await w.page.getByRole('button', { name: w.t('added-see') }).waitFor();
  },

  'share-link': async (w) => {
    await w.open();
    await w.press('home-answer');
    await w.heading('answer-title');
  },
  'share-expired': async (w) => {
    await w.open();
    await w.request('expired');
    await w.page.getByRole('alert').waitFor();
  },
  'share-0-origin': async (w) => {
    await w.open();
    await w.request('origin');
    await w.heading('origin-title');
  },
  'share-0-stopped': async (w) => {
    await SCREENS['share-0-origin'](w);
    await w.press('origin-no');
    await w.heading('origin-stopped-title');
  },
  'share-1-question-a': (w) => toQuestion(w, 'a'),
  'share-1-question-b': (w) => toQuestion(w, 'b'),
  'share-1-question-c': (w) => toQuestion(w, 'c'),
  'share-1-question-e': (w) => toQuestion(w, 'e'),
  'share-1-question-yours': (w) => toQuestion(w, 'yours'),
  'share-1-question-who': async (w) => {
    await toQuestion(w, 'a');
    await w.unfold('who-check');
  },
  'share-1-question-pay': (w) => toQuestion(w, 'pay'),
  'share-1-question-vouched': (w) => toQuestion(w, 'vouched'),
  'share-3-pin-pay': (w) => toPin(w, 'pay'),
  'share-1-question-many': async (w) => {
    await toQuestion(w, 'many');
    await w.press('show-all', { count: 4 });
  },
  'share-1-question-choose': async (w) => {
    await toQuestion(w, 'choose');
    await w.press('answer-yes');
    await w.page.getByText(w.t('get-choose-missing')).waitFor();
  },
  'share-1-question-any': async (w) => {
    await toQuestion(w, 'any');
    // Not the one proposed, which shares least.
    await w.page.getByRole('radio').nth(1).check({ force: true });
    await w.page.getByRole('radio', { checked: true }).nth(0).waitFor({ state: 'attached' });
  },
  'share-1-question-needless': (w) => toQuestion(w, 'needless'),
  'share-1-question-together': (w) => toQuestion(w, 'together'),
  'share-1-question-details': (w) => toQuestion(w, 'details'),
  'share-1-question-several': async (w) => {
    await toQuestion(w, 'several');
    await w.page.getByRole('radio').first().check({ force: true });
    await w.page.getByText(w.t('get-beside')).waitFor();
  },
  'share-1-later': async (w) => {
    await toQuestion(w, 'a');
    await w.press('answer-later');
    await w.heading('later-title');
  },
  'share-1-blocked': async (w) => {
    await w.open();
    await w.request('d');
    await w.page.getByRole('button', { name: w.t('blocked-close') }).waitFor();
  },
  'share-2-warning': async (w) => {
    await toQuestion(w, 'b');
    await w.press('answer-yes');
    await w.heading('warn-title');
  },
  'share-2-warning-together': async (w) => {
    await toQuestion(w, 'together');
    await w.press('answer-yes');
    await w.heading('warn-title');
  },
  'share-2-warning-missing': async (w) => {
    await SCREENS['share-2-warning'](w);
    await w.press('warn-share');
    await w.page.getByText(w.t('warn-tick-missing')).waitFor();
  },
  'share-3-pin': (w) => toPin(w),
  'share-3-pin-wrong': async (w) => {
    await toPin(w);
    await w.pin('pin-label-passphrase', '000000');
    await w.press('share-pin-button');
    await w.page.getByText(w.t('pin-tries-left', { count: 4 })).waitFor();
  },
  'share-4-sending': async (w) => {
    await toResult(w, 'many');
    await w.page.getByText(w.t('sending-lead')).waitFor();
  },
  'share-5-shared': async (w) => {
    await toResult(w, 'a');
    await w.page.getByRole('button', { name: w.t('result-history') }).waitFor();
  },
  'share-5-no': async (w) => {
    await toQuestion(w, 'a');
    await w.press('answer-no');
    await w.heading('result-declined');
  },
  'share-5-unknown': async (w) => {
    await toResult(w, 'unsure');
    await w.heading('result-unknown');
  },
  'share-5-failed': async (w) => {
    await toResult(w, 'fails');
    await w.heading('result-failed');
  },
  'share-6-nothing': async (w) => {
    await w.open();
    await w.request('none');
    await w.heading('nothing-title');
  },

  'show-1-choose': async (w) => {
    await w.open();
    await w.press('nav-show');
    await w.page.getByRole('button', { name: of(w).over18 }).waitFor();
  },
  'show-1-nothing': async (w) => {
    await w.open('empty');
    await w.press('nav-show');
    await w.page.getByRole('heading', { name: w.t('show-empty-title') }).waitFor();
  },
  'show-2-check': (w) => toShowCheck(w, 'over18'),
  'show-2-check-photo': async (w) => {
    await toShowCheck(w, 'identity');
    await w.pin('show-check-pin');
    await w.press('show-make');
    await w.page.getByText(w.t('show-photo-missing')).waitFor();
  },
  'show-3-code': async (w) => {
    await toCode(w);
    await w.page.getByRole('timer').waitFor();
  },
  'show-3-code-ended': async (w) => {
    await toCode(w, 'all-states');
    await w.heading('code-ended-title');
  },
  'show-5-asked': async (w) => {
    await toCode(w);
    await w.press('code-stop');
    await w.heading('code-asked-title');
  },

  'history-timeline': async (w) => {
    await toHistory(w);
    await w.page.getByRole('heading', { level: 2 }).first().waitFor();
  },
  'history-none': async (w) => {
    await toHistory(w);
    await w.type('history-search', 'zzz');
    await w.page.getByRole('heading', { name: w.t('history-none-title') }).waitFor();
  },
  'history-empty': async (w) => {
    await toHistory(w, 'empty');
    await w.page.getByRole('heading', { name: w.t('history-empty-title') }).waitFor();
  },
  'history-broken': async (w) => {
    await toHistory(w, 'broken');
    await w.page.getByRole('alert').waitFor();
  },
  'history-entry': async (w) => {
    await toHistory(w);
    await w.pressNamed('Larkfield Online');
    await w.unfold('entry-proof');
    await w.press('entry-proof-check');
    await w.page.getByText(w.t('entry-proof-ok', { count: 9 })).waitFor();
  },
  'history-entry-no': async (w) => {
    await toHistory(w);
    await w.pressNamed('Quickcash');
    await w.headingText('Quickcash Loans');
  },
  'history-entry-unknown': async (w) => {
    await toHistory(w);
    await w.pressNamed('Corner Shop');
    await w.headingText('Corner Shop');
  },

  settings: async (w) => {
    await w.open();
    await w.press('nav-settings');
    await w.heading('settings-title');
  },
  'settings-about': async (w) => {
    await SCREENS.settings(w);
    await w.press('settings-about-open');
    await w.heading('about-title');
  },
  help: async (w) => {
    await w.open();
    await w.press('nav-help');
    await w.heading('help-title');
    await w.unfold('help-scam-q');
  },
  'help-over-a-journey': async (w) => {
    await toQuestion(w, 'a');
    await w.press('nav-help');
    await w.page.getByRole('dialog').waitFor();
  },
};

/** Screens whose way ends with something done on the page itself: there the focus stays where the person is. */
for (const name of [
  'document-fresh',
  'home-search-none',
  'history-none',
  'document-shown',
  'history-entry',
  'help',
  'share-1-question-any',
  'share-1-question-many',
  'share-1-question-several',
  'share-1-question-who',
])
  SCREENS[name].arrives = false;
