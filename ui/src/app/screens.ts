/** Where a person can be in the open wallet. Ids only, never anything about a person, and nothing of it in an address. */
export type Screen =
  | { name: 'documents' }
  | { name: 'document'; id: string }
  | { name: 'remove'; id: string }
  | { name: 'add'; waiting: boolean }
  | { name: 'answer'; waiting: boolean }
  | { name: 'show' }
  | { name: 'prove'; proof: string }
  | { name: 'history'; document: string | null }
  | { name: 'entry'; id: string }
  | { name: 'settings' }
  | { name: 'about' }
  | { name: 'help' };

/** The four places of the rail and of the bar. */
export type Section = 'documents' | 'show' | 'history' | 'settings';

/** Which place a screen belongs to. */
export function sectionOf(screen: Screen): Section | null {
  switch (screen.name) {
    case 'documents':
    case 'document':
    case 'remove':
    case 'add':
    case 'answer':
      return 'documents';
    case 'show':
    case 'prove':
      return 'show';
    case 'history':
    case 'entry':
      return 'history';
    case 'settings':
    case 'about':
      return 'settings';
    case 'help':
      return null;
  }
}

/** Journeys: one task, without the rail, and Back leads through their own steps. */
export function isJourney(screen: Screen): boolean {
  return ['remove', 'add', 'answer', 'prove'].includes(screen.name);
}

const NAMES: ReadonlySet<string> = new Set<Screen['name']>([
  'documents',
  'document',
  'remove',
  'add',
  'answer',
  'show',
  'prove',
  'history',
  'entry',
  'settings',
  'about',
  'help',
]);

/** What the window's history gave back, if it is one of ours. */
export function screenFrom(state: unknown): Screen | null {
  if (typeof state !== 'object' || state === null || !('name' in state)) return null;
  const { name } = state;
  return typeof name === 'string' && NAMES.has(name) ? (state as Screen) : null;
}
