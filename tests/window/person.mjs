// What a person does at the window, as the tests and the pictures of the screens repeat it.

/** The PIN this person chose. */
export const PIN = '490317';

/** Somebody at the window, reading the words of one language. `sees` is called with the name of each screen. */
export class Person {
  #window;
  #word;
  #sees;

  constructor(window, word, sees = async () => {}) {
    this.#window = window;
    this.#word = word;
    this.#sees = sees;
  }

  /** Waits for the screen with that heading. */
  async #arrivesAt(screen, heading) {
    await this.#window.heading(this.#word(heading));
    await this.#sees(screen);
  }

  async #presses(button) {
    await this.#window.press('button', this.#word(button));
  }

  /** Types the PIN into the field of that name and sends it. */
  async types(label, button, typed = PIN) {
    await this.#window.type(this.#word(label), typed);
    await this.#presses(button);
  }

  /** First run, up to the empty list of documents. */
  async makesWallet() {
    await this.#arrivesAt('first-run-1-welcome', 'welcome-title');
    await this.#presses('welcome-start');
    await this.#arrivesAt('first-run-2-abilities', 'abilities-title');
    await this.#presses('continue');
    await this.#window.says(this.#word('device-store-os'));
    await this.#arrivesAt('first-run-3-device', 'device-title');
    await this.#presses('continue');
    await this.#arrivesAt('first-run-4-pin', 'pin-choose-title');
    await this.types('pin-choose-label', 'continue');
    await this.#arrivesAt('first-run-5-repeat', 'pin-repeat-title');
    await this.types('pin-repeat-label', 'pin-repeat-make');
    await this.#arrivesAt('first-run-6-ready', 'ready-title');
    await this.#presses('ready-look');
    await this.#window.says(this.#word('home-empty-title'));
    await this.#arrivesAt('home-1-empty', 'home-title');
  }

  /** From the list of documents: pastes an offer's link and goes on to the check. */
  async receives(offer) {
    await this.#presses('home-add');
    await this.#arrivesAt('add-1-link', 'add-title');
    await this.#window.type(this.#word('add-link-label'), offer.uri);
    await this.#presses('add-link-button');
    await this.#arrivesAt('add-2-offer', 'offer-title');
    await this.#window.says(this.#word('offer-listed-title'));
    await this.#presses('offer-continue');
    if (offer.tx_code) {
      await this.#arrivesAt('add-3-code', 'code-title');
      await this.#window.type(this.#word('code-label'), offer.tx_code);
      await this.#presses('continue');
    }
    await this.#arrivesAt('add-4-check', 'check-title');
  }

  /** From the check of what was received to the list of documents, with the document kept. */
  async keeps() {
    await this.types('check-pin', 'check-add');
    await this.#window.says(this.#word('added-lead'));
    await this.#sees('add-5-added');
    await this.#presses('to-documents');
    await this.#window.heading(this.#word('home-title'));
  }

  /** From the list of documents: pastes a request's link and waits for the question, or for other words. */
  async reads(request, words = 'answer-block-title') {
    await this.#presses('home-answer');
    await this.#arrivesAt('share-1-link', 'answer-title');
    await this.#window.type(this.#word('answer-link-label'), request.uri);
    await this.#presses('answer-link-button');
    await this.#window.says(this.#word(words));
    await this.#sees(`share-2-${request.name}`);
  }
}
