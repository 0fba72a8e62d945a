/** Problems on their way to a screen. */
import type { Problem } from '../wallet/bindings/Problem';
import { t } from '../words/words.svelte';

function isProblem(reason: unknown): reason is Problem {
  return typeof reason === 'object' && reason !== null && 'code' in reason && 'data_left' in reason;
}

/** What a command rejected with; anything else is a defect of this program and is told as one. */
export function asProblem(reason: unknown): Problem {
  if (isProblem(reason)) return reason;
  return {
    code: 'something-went-wrong',
    title: t('defect-title'),
    happened: t('defect-happened'),
    do: t('defect-do'),
    data_left: 'unknown',
    tries_left: null,
    retry_at: null,
    support: reason instanceof Error ? reason.name : null,
    history: null,
  };
}
