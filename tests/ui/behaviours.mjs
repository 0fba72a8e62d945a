// What happens over time and by keyboard alone: nothing here uses the mouse once a window is open.
import assert from 'node:assert/strict';
import { inPage } from './checks.mjs';

const PIN = '271828';
const STEPS = 60;

/** The name of what has the focus, as a screen reader would say it. */
const focused = (session) =>
  inPage(session, () => {
    const at = document.activeElement;
    const label = at?.labels?.[0]?.textContent;
    return (at?.getAttribute('aria-label') ?? label ?? at?.textContent ?? '').replace(/\s+/g, ' ').trim();
  });

/** A person with a keyboard and no mouse. */
function keyboard({ page, session, words }) {
  const { en } = words;
  const hand = {
    async to(name) {
      for (let step = 0; step < STEPS; step += 1) {
        const at = await focused(session);
        if (at === name || at.startsWith(`${name} `)) return;
        await page.keyboard.press('Tab');
      }
      throw new Error(`Tab does not lead to “${name}”; it ends at “${await focused(session)}”`);
    },
    async press(name) {
      await hand.to(name);
      await page.keyboard.press('Enter');
    },
    async tick(name) {
      await hand.to(name);
      await page.keyboard.press('Space');
    },
    async type(name, text) {
      await hand.to(name);
      await page.keyboard.type(text);
    },
    async at(heading) {
      await page.getByRole('heading', { level: 1, name: heading, exact: true }).waitFor();
      assert.equal(await focused(session), heading);
    },
    say: en,
  };
  return hand;
}

export const BEHAVIOURS = {
  'keyboard: first run to an open wallet': async (tools) => {
    const { window } = tools;
    const hand = keyboard(tools);
    await window.open('first-run');
    await hand.at(hand.say('welcome-title'));
    await hand.press(hand.say('welcome-start'));
    await hand.at(hand.say('abilities-title'));
    await hand.press(hand.say('continue'));
    await hand.at(hand.say('device-title'));
    await hand.press(hand.say('continue'));
    await hand.at(hand.say('pin-choose-title'));
    await hand.type(hand.say('pin-choose-label'), 'correct horse');
    await hand.press(hand.say('continue'));
    await hand.at(hand.say('pin-repeat-title'));
    await hand.type(hand.say('pin-repeat-label'), 'correct horse');
    await hand.press(hand.say('pin-repeat-make'));
    await hand.at(hand.say('ready-title'));
    await hand.press(hand.say('ready-look'));
    await hand.at(hand.say('home-title'));
  },

  'keyboard: unlock, look at a document, lock': async (tools) => {
    const { window, page } = tools;
    const hand = keyboard(tools);
    await window.open('locked');
    await hand.type(hand.say('pin-label-passphrase'), PIN);
    await page.keyboard.press('Enter');
    await hand.at(hand.say('home-title'));
    await hand.press('Driving licence');
    await hand.at('Driving licence');
    await hand.press(hand.say('document-show'));
    await page.getByText('Specimen-Ŵyn').waitFor();
    await page.keyboard.press('Control+l');
    await hand.at(hand.say('unlock-title'));
  },

  'keyboard: add a document with a code': async (tools) => {
    const { window } = tools;
    const hand = keyboard(tools);
    await window.open('empty');
    await hand.press(hand.say('home-add'));
    await hand.at(hand.say('add-title'));
    await hand.type(hand.say('add-link-label'), 'openid-credential-offer://practice?offer=code');
    await hand.press(hand.say('add-link-button'));
    await hand.at(hand.say('offer-title', { issuer: 'DVLA (Practice)' }));
    await hand.press(hand.say('offer-continue'));
    await hand.at(hand.say('code-title'));
    await hand.type(hand.say('code-label'), '123 456');
    await hand.press(hand.say('continue'));
    await hand.at(hand.say('check-title'));
    await hand.type(hand.say('check-pin'), PIN);
    await hand.press(hand.say('check-add'));
    await hand.at(hand.say('added-title', { count: 1, name: 'Driving licence' }));
    await hand.press(hand.say('added-see'));
    await hand.at('Driving licence');
  },

  'keyboard: stop while the document is fetched': async (tools) => {
    const { window, page } = tools;
    const hand = keyboard(tools);
    await window.open('empty');
    await hand.press(hand.say('home-add'));
    await hand.type(hand.say('add-link-label'), 'openid-credential-offer://practice?offer=slow');
    await hand.press(hand.say('add-link-button'));
    await hand.at(hand.say('offer-title', { issuer: 'DVLA (Practice)' }));
    await hand.press(hand.say('offer-continue'));
    await hand.at(hand.say('getting-title'));
    // The step that was told is ticked, for eyes and for ears.
    await page.getByText(hand.say('step-done')).waitFor({ state: 'attached' });
    assert.equal(await page.locator('[aria-current=step]').count(), 1);
    await hand.press(hand.say('getting-cancel'));
    await hand.at(hand.say('home-title'));
  },

  'keyboard: ask for a document that comes later': async (tools) => {
    const { window, page } = tools;
    const hand = keyboard(tools);
    await window.open();
    await hand.press(hand.say('home-add'));
    await hand.type(hand.say('add-link-label'), 'openid-credential-offer://practice?offer=later');
    await hand.press(hand.say('add-link-button'));
    await hand.press(hand.say('offer-continue'));
    await hand.at(hand.say('promised-title'));
    await hand.press(hand.say('to-documents'));
    await hand.at(hand.say('home-title'));
    await hand.press(hand.say('promised-ask'));
    await page.getByRole('status').getByText(hand.say('promised-not-yet')).waitFor();
    // Where the person was, they stay.
    assert.equal(await focused(tools.session), hand.say('promised-ask'));
  },

  'keyboard: share past a warning, with an optional detail, and read it in the history': async (tools) => {
    const { window, page } = tools;
    const hand = keyboard(tools);
    await window.open();
    await hand.press(hand.say('home-answer'));
    await hand.type(hand.say('answer-link-label'), 'openid4vp://practice?state=b');
    await hand.press(hand.say('answer-link-button'));
    await hand.at(
      hand.say('question-title-more', {
        service: 'Harbour Recruitment',
        count: 6,
      }),
    );
    await hand.tick('Postcode');
    await page.getByText('7 details, once').waitFor();
    await hand.press(hand.say('answer-yes'));
    await hand.at(hand.say('warn-title'));
    await hand.press(hand.say('warn-share'));
    await page.getByText(hand.say('warn-tick-missing')).waitFor();
    await hand.tick(hand.say('warn-tick'));
    await hand.press(hand.say('warn-share'));
    await hand.at(hand.say('share-pin-title'));
    await hand.type(hand.say('pin-label-passphrase'), '111111');
    await hand.press(hand.say('share-pin-button'));
    await page.getByText(hand.say('pin-tries-left', { count: 4 })).waitFor();
    await hand.type(hand.say('pin-label-passphrase'), PIN);
    await page.keyboard.press('Enter');
    await page
      .getByRole('heading', {
        level: 1,
        name: hand.say('result-shared', { service: 'Harbour Recruitment' }),
        exact: true,
      })
      .waitFor();
    // The way back, with its host, has the focus; what became of the answer is said with it.
    assert.equal(await focused(tools.session), hand.say('result-return', { host: 'harbour.example' }));
    await hand.press(hand.say('result-history'));
    await hand.at('Harbour Recruitment');
    await page.getByText(hand.say('outcome-shared', { count: 7 })).waitFor();
  },

  'keyboard: say no; Back from the PIN leads to the question': async (tools) => {
    const { window, page } = tools;
    const hand = keyboard(tools);
    await window.open();
    await hand.press(hand.say('home-answer'));
    await hand.type(hand.say('answer-link-label'), 'openid4vp://practice?state=a');
    await hand.press(hand.say('answer-link-button'));
    const question = hand.say('question-title-more', {
      service: 'Larkfield Online Pharmacy',
      count: 3,
    });
    await hand.at(question);
    await hand.press(hand.say('answer-yes'));
    await hand.at(hand.say('share-pin-title'));
    await page.keyboard.press('Alt+ArrowLeft');
    await hand.at(question);
    await hand.press(hand.say('answer-no'));
    await page.getByRole('heading', { level: 1, name: hand.say('result-declined'), exact: true }).waitFor();
    assert.equal(await focused(tools.session), hand.say('result-return', { host: 'larkfield.example' }));
    assert.equal(await page.getByText(hand.say('result-shared-what')).count(), 0);
  },

  'keyboard: show a code, make it bigger with F, stop': async (tools) => {
    const { window, page } = tools;
    const hand = keyboard(tools);
    await window.open();
    await page.keyboard.press('Control+2');
    await hand.at(hand.say('show-title'));
    await hand.press('I am 18 or over');
    await hand.at(hand.say('show-check-title'));
    await hand.type(hand.say('show-check-pin'), PIN);
    await page.keyboard.press('Enter');
    await hand.at('I am 18 or over');
    await hand.to(`${hand.say('code-name', { proof: 'I am 18 or over' })}. ${hand.say('code-bigger')}`);
    await page.keyboard.press('f');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await hand.press(hand.say('code-stop'));
    await hand.at(hand.say('code-asked-title'));
  },

  'keyboard: remove a document': async (tools) => {
    const { window, page } = tools;
    const hand = keyboard(tools);
    await window.open();
    await hand.press('Passport');
    await hand.at('Passport');
    await hand.press(hand.say('document-remove'));
    await hand.at(hand.say('remove-title', { name: 'Passport' }));
    await hand.type(hand.say('remove-pin'), PIN);
    await hand.press(hand.say('remove-button'));
    await hand.at(hand.say('removed-title', { name: 'Passport' }));
    await hand.press(hand.say('to-documents'));
    await hand.at(hand.say('home-title'));
    await page.getByRole('button', { name: /^Driving licence/ }).waitFor();
    assert.equal(await page.getByRole('button', { name: /^Passport/ }).count(), 0);
  },

  'a code is announced at its start, at a minute, at twenty seconds and at its end, and never in between':
    async (tools) => {
      const { window, page, session } = tools;
      await page.clock.install();
      await window.open();
      await window.press('nav-show');
      await window.pressNamed('I am 18 or over');
      await page.getByLabel(window.t('show-check-pin')).waitFor();
      await window.pin('show-check-pin');
      await window.press('show-make');
      await page.getByRole('timer').waitFor();
      assert.equal(await page.getByRole('timer').getAttribute('aria-live'), 'off');
      await inPage(session, () => {
        globalThis.said = [];
        const status = document.querySelector('[role="status"].muted');
        globalThis.said.push(status.textContent);
        new MutationObserver(() => globalThis.said.push(status.textContent)).observe(status, {
          childList: true,
          characterData: true,
          subtree: true,
        });
      });
      for (let seconds = 0; seconds < 125; seconds += 5) await page.clock.runFor(5000);
      await page.getByRole('heading', { level: 1, name: window.t('code-ended-title') }).waitFor();
      assert.deepEqual(await inPage(session, () => globalThis.said), [
        window.t('code-said-ready', { minutes: 2 }),
        window.t('code-said-minute'),
        window.t('code-said-twenty'),
        window.t('code-said-ended'),
      ]);
    },

  'the wallet asks before it locks by itself, stays when asked to, and then locks': async (tools) => {
    const { window, page } = tools;
    await page.clock.install();
    await window.open();
    await page.clock.runFor(241_000);
    const dialog = page.getByRole('dialog');
    await dialog.waitFor();
    await window.press('idle-stay');
    await dialog.waitFor({ state: 'detached' });
    await page.clock.runFor(305_000);
    await window.heading('unlock-title');
  },

  'a PIN can be pasted, shown, and is gone from its field after use': async ({ window, page, session }) => {
    await window.open('locked');
    const field = page.getByLabel(window.t('pin-label-passphrase'), {
      exact: true,
    });
    assert.equal(await field.getAttribute('autocomplete'), 'current-password');
    assert.equal(await field.getAttribute('type'), 'password');
    const kept = await inPage(session, () => {
      const input = document.querySelector('input[autocomplete="current-password"]');
      return input.dispatchEvent(new ClipboardEvent('paste', { bubbles: true, cancelable: true }));
    });
    assert.equal(kept, true);
    await field.fill('000000');
    await page.getByRole('button', { name: window.t('pin-show-label') }).click();
    assert.equal(await field.getAttribute('type'), 'text');
    await window.press('unlock-button');
    await page.getByText(window.t('pin-tries-left', { count: 4 })).waitFor();
    assert.equal(await field.inputValue(), '');
    assert.match((await field.getAttribute('aria-describedby')) ?? '', /error/);
  },

  'the answer to a question is in sight on a window of 1100 × 760': async ({ window, page }) => {
    await window.open();
    await window.request('a');
    const share = await page.getByRole('button', { name: window.t('answer-yes') }).boundingBox();
    assert.ok(
      share && share.y + share.height <= 760,
      `its lower edge is at ${share && share.y + share.height}`,
    );
  },

  'the two answers look the same': async ({ window, page, session }) => {
    await window.open();
    await window.request('a');
    await page.getByRole('button', { name: window.t('answer-yes') }).waitFor();
    const looks = await inPage(
      session,
      (names) =>
        [...document.querySelectorAll('button')]
          .filter((one) => names.includes(one.textContent.trim()))
          .map((one) => {
            const style = getComputedStyle(one);
            const { width, height } = one.getBoundingClientRect();
            return [
              width,
              height,
              style.color,
              style.backgroundColor,
              style.borderColor,
              style.fontWeight,
            ].join();
          }),
      [window.t('answer-yes'), window.t('answer-no')],
    );
    assert.equal(looks.length, 2);
    assert.equal(looks[0], looks[1]);
  },

  'nothing optional is ticked beforehand': async ({ window, page }) => {
    await window.open();
    await window.request('a');
    await page.getByRole('checkbox').first().waitFor();
    assert.equal(await page.getByRole('checkbox').count(), 2);
    assert.equal(await page.getByRole('checkbox', { checked: true }).count(), 0);
  },

  'the bar of a narrow window never covers what has the focus': async ({ window, page, session }) => {
    await page.setViewportSize({ width: 390, height: 844 });
    await window.open('all-states');
    await page.getByLabel(window.t('home-search')).waitFor();
    for (let step = 0; step < 24; step += 1) {
      await page.keyboard.press('Tab');
      const covered = await inPage(session, () => {
        const at = document.activeElement;
        // Past the last control the focus leaves the page.
        if (at === document.body) return null;
        const { left, right, top, bottom } = at.getBoundingClientRect();
        const spots = [
          [(left + right) / 2, (top + bottom) / 2],
          [left + 4, top + 4],
          [right - 4, bottom - 4],
        ];
        const hidden = spots.filter(([x, y]) => {
          const hit = document.elementFromPoint(x, y);
          return !hit || !(at.contains(hit) || hit.contains(at) || hit.closest('label')?.contains(at));
        });
        return hidden.length > 1 ? (at.textContent ?? '').trim().slice(0, 40) : null;
      });
      assert.equal(covered, null);
    }
  },

  'the language changes the words, the title and the page’s language at once': async ({
    window,
    page,
    session,
    words,
  }) => {
    await window.open();
    await window.press('nav-settings');
    await page.getByRole('radio', { name: 'Cymraeg' }).check();
    await page.getByRole('heading', { level: 1, name: words.cy('settings-title') }).waitFor();
    assert.equal(await inPage(session, () => document.documentElement.lang), 'cy');
    assert.equal(await page.title(), words.cy('app-title', { page: words.cy('settings-title') }));
    await page.getByText(words.cy('strip-draft-more')).waitFor();
  },

  'a choice of colours and of text size is kept': async ({ window, page, session }) => {
    await window.open();
    await window.press('nav-settings');
    await page.getByRole('radio', { name: window.t('settings-theme-dark') }).check();
    await page.getByRole('radio', { name: window.t('settings-text-150'), exact: true }).check();
    await window.open();
    assert.deepEqual(await inPage(session, () => ({ ...document.documentElement.dataset })), {
      theme: 'dark',
      text: '150',
      motion: 'system',
    });
  },

  'high contrast and forced colours keep every page readable': async ({ window, page, session }) => {
    await window.open();
    await inPage(session, () => {
      document.documentElement.dataset.theme = 'contrast';
    });
    await page.emulateMedia({ forcedColors: 'active' });
    const edges = await inPage(session, () =>
      [...document.querySelectorAll('.actions button, button.face')].map(
        (one) => getComputedStyle(one).borderStyle,
      ),
    );
    assert.ok(edges.length > 3 && edges.every((style) => style === 'solid'));
  },

  'a link that waited is opened on its first page after unlocking, and nothing is sent': async ({
    window,
    page,
  }) => {
    await window.open('locked-waiting');
    await page.getByText(window.t('waiting-request', { host: 'larkfield.example' })).waitFor();
    await window.pin();
    await window.press('unlock-button');
    await window.headingText('Larkfield Online Pharmacy');
    await window.press('back');
    await window.heading('home-title');
    await window.press('nav-history');
    await page.getByRole('heading', { level: 2 }).first().waitFor();
    assert.equal(await page.getByRole('button', { name: 'Larkfield Online Pharmacy' }).count(), 1);
  },

  'values are covered again when the window loses the person': async ({ window, page, session }) => {
    await window.open();
    await window.pressNamed('Driving licence');
    await window.press('document-show');
    await page.getByText('DOE99802085J99FG').waitFor();
    await inPage(session, () => globalThis.dispatchEvent(new Event('blur')));
    await page.getByText('DOE99802085J99FG').waitFor({ state: 'detached' });
  },

  'help stands over a journey and gives the focus back': async ({ window, page }) => {
    await window.open();
    await window.request('a');
    await window.press('nav-help');
    await page.getByRole('dialog').waitFor();
    await window.press('done');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    assert.equal(
      await page.evaluate(() => document.activeElement?.textContent?.trim()),
      window.t('nav-help'),
    );
  },
};
