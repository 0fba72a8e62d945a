/** Parts that stand for each other, as a choice between documents. */
import { t } from '../words/words.svelte';
import { type Answer, type Numbered } from './answer.svelte';

/** One option of a set, for a choice; its value is its place in the set. */
export interface Option {
  value: string;
  label: string;
  more: string;
}

/** What each option would share, the one that shares least marked. Options that read the same are one to the person. */
export function optionsOf(answer: Answer, { set }: Numbered): Option[] {
  const seen = new Set<string>();
  return set.options
    .map((option, at) => {
      const proposed = answer.partsOf(option).flatMap(({ candidates }) => candidates.slice(0, 1));
      const names = [...new Set(proposed.map(({ name }) => name))].join(', ');
      const labels = proposed.flatMap(({ claims }) => claims.map(({ label }) => label));
      const details = t('get-option-more', { count: labels.length, details: labels.join(', ') });
      const more = option.shares_least ? `${t('get-least')} ${details}` : details;
      return { value: String(at), label: names, more };
    })
    .filter(({ label, more }) => !seen.has(label + more) && seen.add(label + more));
}
