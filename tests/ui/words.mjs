// The words a person would look for, from the same files the screens are made of.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** For each language a function from the id of a message to its text. */
export function wordsOf(root) {
  const { FluentBundle, FluentResource } = createRequire(join(root, 'ui/package.json'))('@fluent/bundle');
  const spoken = {};
  for (const language of ['en', 'cy']) {
    const bundle = new FluentBundle(language, { useIsolating: false });
    bundle.addResource(new FluentResource(readFileSync(join(root, `ui/src/words/${language}.ftl`), 'utf8')));
    spoken[language] = (id, values = {}) => {
      const message = bundle.getMessage(id);
      if (!message?.value) throw new Error(`${language}.ftl has no message ${id}`);
      return bundle.formatPattern(message.value, values);
    };
  }
  return spoken;
}
