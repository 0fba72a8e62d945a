/** What every screen's edge offers: the language, help, and the word that this is practice. The app fills it in. */
import type { Language } from '../wallet/bindings/Language';

class Frame {
  /** This is the practice profile. */
  practice = $state(false);
  /** Opens help over the page, so that a journey is not lost. */
  help: () => void = () => undefined;
  /** Speaks another language and remembers it. */
  choose: (language: Language) => void = () => undefined;
}

export const frame = new Frame();
