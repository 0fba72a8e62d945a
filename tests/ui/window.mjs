// A person at the window: finds things by the names people see, never by the page's inner structure.

const PIN = '271828';

export class Window {
  /** `t` gives the words of the language this window is opened in. */
  constructor(page, url, language, t) {
    this.page = page;
    this.url = url;
    this.language = language;
    this.t = t;
  }

  async open(scenario = 'usual') {
    await this.page.goto(`${this.url}?scenario=${scenario}&lang=${this.language}`);
    await this.page.locator('h1').waitFor();
    if (this.language === 'cy' && scenario.startsWith('first-run')) {
      // A new wallet speaks as the device prefers; these tests choose.
      const button = this.page.getByRole('button', {
        name: 'Cymraeg',
        exact: true,
      });
      if (await button.isVisible()) await button.click();
      await this.page.locator('h1').focus();
    }
  }

  /** Waits for a page by its heading. */
  async heading(id, values) {
    await this.page.getByRole('heading', { level: 1, name: this.t(id, values), exact: true }).waitFor();
  }

  async headingText(text) {
    await this.page.getByRole('heading', { level: 1, name: text }).waitFor();
  }

  async press(id, values) {
    await this.page
      .getByRole('button', { name: this.t(id, values), exact: true })
      .first()
      .click();
  }

  /** A button by the start of its name: documents, entries of the history. */
  async pressNamed(text) {
    await this.page
      .getByRole('button', { name: new RegExp(`^${text}`) })
      .first()
      .click();
  }

  async unfold(id) {
    await this.page
      .locator('summary', { hasText: this.t(id) })
      .first()
      .click();
  }

  async type(id, text) {
    await this.page.getByLabel(this.t(id), { exact: true }).first().fill(text);
  }

  async tick(id) {
    await this.page
      .getByRole('checkbox', { name: this.t(id) })
      .first()
      .check();
  }

  async pin(id = 'pin-label-passphrase', pin = PIN) {
    await this.type(id, pin);
  }

  /** To the page where a link for an offer is asked for, and on. */
  async offer(which) {
    await this.press('home-add');
    await this.type('add-link-label', `openid-credential-offer://practice?offer=${which}`);
    await this.press('add-link-button');
  }

  async request(state) {
    await this.press('home-answer');
    await this.type('answer-link-label', `openid4vp://practice?state=${state}`);
    await this.press('answer-link-button');
  }
}
