/** The words of the window in the language chosen: Fluent messages, never put together from pieces. */
import { FluentBundle, FluentResource } from '@fluent/bundle';
import { negotiateLanguages } from '@fluent/langneg';
import type { Language } from '../wallet/bindings/Language';
import cy from './cy.ftl?raw';
import en from './en.ftl?raw';
import type { WordId } from './ids';

/** What a message may be given: a text, or a number that chooses the plural form. */
export type WordArguments = Record<string, string | number>;

function bundleOf(language: Language, source: string): FluentBundle {
  // Names from outside arrive cleaned of direction marks (view), so no isolation marks are put around them.
  const bundle = new FluentBundle(language, { useIsolating: false });
  const errors = bundle.addResource(new FluentResource(source));
  if (errors.length > 0) throw new Error(`${language}.ftl: ${errors.map(String).join('; ')}`);
  return bundle;
}

const bundles: Record<Language, FluentBundle> = { en: bundleOf('en', en), cy: bundleOf('cy', cy) };
let spoken = $state<Language>('en');

/** The language spoken now. */
export function language(): Language {
  return spoken;
}

/** Speaks another language from here on, and says so to screen readers. */
export function speak(next: Language): void {
  spoken = next;
  document.documentElement.lang = next;
}

/** The language this device prefers, for the first run. */
export function preferredLanguage(): Language {
  const [best] = negotiateLanguages(navigator.languages, ['en', 'cy'], {
    defaultLocale: 'en',
    strategy: 'lookup',
  });
  return best === 'cy' ? 'cy' : 'en';
}

/** The message `id` in one language; English where the other has no such message. */
export function say(tongue: Language, id: WordId, values: WordArguments = {}): string {
  for (const bundle of [bundles[tongue], bundles.en]) {
    const message = bundle.getMessage(id);
    if (message?.value) return bundle.formatPattern(message.value, values, []);
  }
  return id;
}

/** The message `id` in the language spoken now. */
export function t(id: WordId, values?: WordArguments): string {
  return say(spoken, id, values);
}
