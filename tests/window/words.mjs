// The words of the window, read from the same files the window reads.

import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = join(dirname(fileURLToPath(import.meta.url)), '../../ui/src/words');

/** The words of one language: `word(id)` is a one-line message, or a pattern of it where it has places to fill. */
export function wordsOf(language) {
  const text = readFileSync(join(folder, `${language}.ftl`), 'utf8');
  const words = new Map([...text.matchAll(/^([a-z][\w-]*) = (.+)$/gm)].map(([, id, value]) => [id, value.trim()]));
  return (id) => {
    const word = words.get(id);
    if (word === undefined) throw new Error(`${language}.ftl has no one-line message ${id}`);
    if (!word.includes('{')) return word;
    const pattern = word.split(/\{[^}]*\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
    return new RegExp(`^${pattern.join('.+')}$`, 'm');
  };
}
