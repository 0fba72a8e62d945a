/** The words and the look of a document's state: the same everywhere. */
import type { DocumentState } from '../wallet/bindings/DocumentState';
import type { DocumentSummary } from '../wallet/bindings/DocumentSummary';
import { dayAndTime, longDate, shortDate } from '../words/dates';
import { t } from '../words/words.svelte';
import type { IconName } from './Icon.svelte';
import type { Tone } from './Notice.svelte';

/** A state, ready for a `Chip`. */
export interface Chip {
  tone: Tone;
  icon: IconName;
  text: string;
}

const LOOKS: Record<DocumentState, { tone: Tone; icon: IconName }> = {
  valid: { tone: 'good', icon: 'tick' },
  'not-checked': { tone: 'plain', icon: 'question' },
  'starts-later': { tone: 'info', icon: 'clock' },
  ending: { tone: 'warn', icon: 'warning' },
  ended: { tone: 'stop', icon: 'cross' },
  suspended: { tone: 'warn', icon: 'pause' },
  revoked: { tone: 'stop', icon: 'cross' },
  broken: { tone: 'stop', icon: 'cross' },
};

/** What a chip needs to know of a document. */
export type Dated = Pick<DocumentSummary, 'status' | 'status_detail' | 'valid_from' | 'valid_until'>;

function chipText(document: Dated): string {
  const until = document.valid_until ? shortDate(document.valid_until) : null;
  switch (document.status) {
    case 'valid':
      return until ? t('status-valid-until', { date: until }) : t('status-valid');
    case 'not-checked':
      return until ? t('status-not-checked-until', { date: until }) : t('status-not-checked');
    case 'starts-later':
      return t('status-starts', { date: document.valid_from ? shortDate(document.valid_from) : '' });
    case 'ending':
      return t('status-ending', { days: document.status_detail.days_left ?? 0 });
    case 'ended':
      return t('status-ended', { date: until ?? '' });
    case 'suspended':
      return t('status-suspended');
    case 'revoked':
      return t('status-revoked');
    case 'broken':
      return t('status-broken');
  }
}

/** The chip of a document. */
export function statusChip(document: Dated): Chip {
  return { ...LOOKS[document.status], text: chipText(document) };
}

/** What the state means, in a sentence. */
export function statusLine(document: Dated, issuer: string): string {
  const checked = document.status_detail.checked_at;
  switch (document.status) {
    case 'valid':
      return checked
        ? t('status-valid-line', { issuer, when: dayAndTime(checked) })
        : t('status-unchecked-line', { issuer });
    case 'not-checked':
      return checked
        ? t('status-not-checked-line', { when: dayAndTime(checked) })
        : t('status-never-checked-line');
    case 'starts-later':
      return t('status-starts-line', { date: document.valid_from ? longDate(document.valid_from) : '' });
    case 'ending':
      return t('status-ending-line', {
        issuer,
        date: document.valid_until ? longDate(document.valid_until) : '',
      });
    case 'ended':
      return t('status-ended-line');
    case 'suspended':
      return t('status-suspended-line', { issuer });
    case 'revoked':
      return t('status-revoked-line', { issuer });
    case 'broken':
      return t('status-broken-line', { issuer });
  }
}
