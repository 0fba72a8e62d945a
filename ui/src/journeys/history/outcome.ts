/** The words and the look of an entry of the history. */
import type { Chip } from '../../components/status';
import type { HistoryEntryView } from '../../wallet/bindings/HistoryEntryView';
import { t } from '../../words/words.svelte';

/** How it ended, ready for a `Chip`. */
export function outcomeChip(entry: HistoryEntryView): Chip {
  if (entry.kind === 'refused') return { tone: 'stop', icon: 'stop', text: t('outcome-refused') };
  if (entry.outcome === 'not-sure') return { tone: 'warn', icon: 'question', text: t('outcome-not-sure') };
  if (entry.outcome === 'failed') return { tone: 'stop', icon: 'cross', text: t('outcome-failed') };
  switch (entry.kind) {
    case 'shared':
      return { tone: 'good', icon: 'tick', text: t('outcome-shared', { count: entry.details.length }) };
    case 'shown':
      return { tone: 'good', icon: 'show', text: t('outcome-shown') };
    case 'declined':
      return { tone: 'info', icon: 'cross', text: t('outcome-declined') };
    case 'added':
      return { tone: 'info', icon: 'plus', text: t('outcome-added') };
    case 'renewed':
      return { tone: 'info', icon: 'again', text: t('outcome-renewed') };
    case 'removed':
      return { tone: 'plain', icon: 'bin', text: t('outcome-removed') };
  }
}

/** Who it was about. */
export function whoOf(entry: HistoryEntryView): string {
  if (entry.service) return entry.service.name;
  return t(entry.kind === 'shown' ? 'history-in-person' : 'history-this-wallet');
}
