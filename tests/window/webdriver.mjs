// A WebDriver session (https://www.w3.org/TR/webdriver2/) with the real app, over fetch: no package needed.
//
// WebKitWebDriver starts the app itself; TAURI_WEBVIEW_AUTOMATION makes the app's webview accept it. (tauri-driver does
// these two things and no more on Linux, so it is not needed here.)

import { spawn, spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';
// Generous: a loaded machine draws a first screen in seconds, and a test that waits ends as soon as it can.
const PATIENCE_MS = 60_000;

/** A free port of this machine. */
export async function freePort() {
  const server = createServer();
  await new Promise((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Asks again until `look` gives something, or says what was waited for. */
export async function until(what, look, patience = PATIENCE_MS) {
  const end = Date.now() + patience;
  let last;
  for (;;) {
    try {
      const found = await look();
      if (found) return found;
    } catch (error) {
      last = error;
    }
    if (Date.now() > end) throw new Error(`waited ${patience / 1000} s for ${what}`, { cause: last });
    await pause(100);
  }
}

/** The native driver, and one session with the app. */
export class Window {
  #driver;
  #program = '';
  #base;
  #session;

  /** Starts `application` with `args` under WebKitWebDriver. */
  static async open(application, args = []) {
    const window = new Window();
    window.#program = [application, ...args].join(' ');
    const port = await freePort();
    window.#base = `http://127.0.0.1:${port}`;
    window.#driver = spawn('WebKitWebDriver', [`--port=${port}`, '--host=127.0.0.1'], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, TAURI_WEBVIEW_AUTOMATION: 'true' },
    });
    try {
      await until('WebKitWebDriver to answer', async () => (await fetch(`${window.#base}/status`)).ok);
      const { sessionId } = await window.#send('POST', '/session', {
        capabilities: {
          alwaysMatch: { 'webkitgtk:browserOptions': { binary: application, args } },
        },
      });
      window.#session = `/session/${sessionId}`;
      return window;
    } catch (error) {
      window.#driver.kill();
      throw error;
    }
  }

  async #send(method, path, body) {
    const response = await fetch(this.#base + path, {
      method,
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(2 * PATIENCE_MS),
    });
    const { value } = await response.json();
    if (!response.ok) throw new Error(`${method} ${path.replace(/^\/session\/[^/]+/, '')}: ${value.error}: ${value.message}`);
    return value;
  }

  #ask(method, path, body) {
    return this.#send(method, this.#session + path, body);
  }

  /** Ends the session: the driver closes the app. */
  async close() {
    try {
      await this.#ask('DELETE', '');
    } finally {
      this.#driver.kill();
      // The session ends before its program does, and one that starts meanwhile would hand itself over to the one that goes.
      spawnSync('pkill', ['-KILL', '-f', '--', this.#program]);
    }
  }

  /** Runs a function in the page; its arguments and result are plain data. */
  run(work, ...args) {
    return this.#ask('POST', '/execute/sync', { script: `return (${work}).apply(null, arguments)`, args });
  }

  /** Runs an asynchronous function in the page. */
  runAsync(work, ...args) {
    const script = `
      const done = arguments[arguments.length - 1];
      (${work}).apply(null, Array.prototype.slice.call(arguments, 0, -1))
        .then((value) => done({ value }), (error) => done({ error: error instanceof Error ? String(error) : error }));
    `;
    return this.#ask('POST', '/execute/async', { script, args });
  }

  /** The address of the page. */
  address() {
    return this.#ask('GET', '/url');
  }

  /** The title of the page. */
  title() {
    return this.#ask('GET', '/title');
  }

  /** A picture of the page, as PNG bytes. */
  async picture() {
    return Buffer.from(await this.#ask('GET', '/screenshot'), 'base64');
  }

  /** Every element of a CSS selector. */
  async all(css) {
    const found = await this.#ask('POST', '/elements', { using: 'css selector', value: css });
    return found.map((element) => element[ELEMENT]);
  }

  /** The text a person reads in the page, or in one element. */
  text(css = 'body') {
    return this.run((selector) => document.querySelector(selector)?.innerText ?? '', css);
  }

  /** Waits for the page's heading to be `words` (text or pattern), and returns it. */
  heading(words) {
    return until(`the heading ${words}`, async () => {
      const heading = (await this.text('h1')).trim();
      return (words instanceof RegExp ? words.test(heading) : heading === words) && heading;
    }).catch(async (error) => {
      const seen = await this.text().catch((problem) => String(problem));
      throw new Error(`${error.message}; the window says:\n${seen}`, { cause: error });
    });
  }

  /** Waits for the page to say `words` (text or pattern). */
  says(words) {
    return until(`the words ${words}`, async () => {
      const text = await this.text();
      return words instanceof RegExp ? words.test(text) : text.includes(words);
    }).catch(async (error) => {
      const seen = await this.text().catch((problem) => String(problem));
      throw new Error(`${error.message}; the window says:\n${seen}`, { cause: error });
    });
  }

  /** The one visible control of that role whose name is `words`, as a screen reader finds it. */
  async control(role, words) {
    const kinds = {
      button: 'button, [role=button]',
      link: 'a[href], [role=link]',
      field: 'input:not([type=checkbox]):not([type=radio]), textarea',
      checkbox: 'input[type=checkbox]',
      radio: 'input[type=radio]',
    };
    return until(`the ${role} ${words}`, async () => {
      for (const id of await this.all(kinds[role] ?? role)) {
        const name = (await this.#ask('GET', `/element/${id}/computedlabel`)).trim();
        // Ticks and choices are drawn over by their label.
        const shown = role === 'checkbox' || role === 'radio' || (await this.#ask('GET', `/element/${id}/displayed`));
        if (shown && (words instanceof RegExp ? words.test(name) : name === words)) return id;
      }
      return undefined;
    }).catch(async (error) => {
      const seen = await this.text().catch((problem) => String(problem));
      throw new Error(`${error.message}; the window says:\n${seen}`, { cause: error });
    });
  }

  /** Presses a button or link; a tick or a choice by its label, as people do. */
  async press(role, words) {
    const control = { [ELEMENT]: await this.control(role, words) };
    const target = await this.run((element) => element.labels?.[0] ?? element, control);
    await this.#ask('POST', `/element/${target[ELEMENT]}/click`, {});
  }

  /** Types into a field, replacing what it held. */
  async type(words, text) {
    const id = await this.control('field', words);
    await this.#ask('POST', `/element/${id}/clear`, {});
    await this.#ask('POST', `/element/${id}/value`, { text });
  }

  /** Sizes the page (not the window with its frame). */
  async size(width, height) {
    await this.#ask('POST', '/window/rect', { width, height });
  }
}
