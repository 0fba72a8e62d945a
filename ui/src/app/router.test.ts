import { describe, expect, it } from 'vitest';
import { Router } from './router.svelte';
import { isJourney, screenFrom, sectionOf } from './screens';

/** A window's history, as far as the router uses it. */
class PastScreens {
  entries: unknown[] = [null];
  at = 0;
  moved: (state: unknown) => void = () => undefined;
  pushState(state: unknown) {
    this.entries = [...this.entries.slice(0, this.at + 1), state];
    this.at += 1;
  }
  replaceState(state: unknown) {
    this.entries[this.at] = state;
  }
  back() {
    this.at -= 1;
    this.moved(this.entries[this.at]);
  }
}

function routed() {
  const past = new PastScreens();
  const router = new Router(past as unknown as History);
  past.moved = (state) => router.moved(state);
  return { past, router };
}

describe('router', () => {
  it('starts at home and goes back to where it came from', () => {
    const { router } = routed();
    expect(router.current).toEqual({ name: 'documents' });
    router.go({ name: 'document', id: 'licence' });
    router.go({ name: 'remove', id: 'licence' });
    router.back();
    expect(router.current).toEqual({ name: 'document', id: 'licence' });
    router.back();
    expect(router.current).toEqual({ name: 'documents' });
  });

  it('goes home when there is nothing to go back to', () => {
    const { router } = routed();
    router.replace({ name: 'settings' });
    router.back();
    expect(router.current).toEqual({ name: 'documents' });
  });

  it('lets a journey take its own step back first', () => {
    const { router, past } = routed();
    router.go({ name: 'answer', waiting: false });
    let steps = 1;
    router.backInJourney = () => steps-- > 0;
    past.back();
    expect(router.current.name).toBe('answer');
    past.back();
    expect(router.current.name).toBe('documents');
  });

  it('forgets the journey’s step when the screen changes', () => {
    const { router, past } = routed();
    router.go({ name: 'answer', waiting: false });
    router.backInJourney = () => true;
    router.go({ name: 'entry', id: 'one' });
    past.back();
    expect(router.current.name).toBe('answer');
  });

  it('draws a screen anew each time it is arrived at', () => {
    const { router } = routed();
    router.go({ name: 'show' });
    const before = router.arrivals;
    router.go({ name: 'show' });
    expect(router.arrivals).toBe(before + 1);
  });

  it('takes nothing from the window’s history that is not a screen', () => {
    expect(screenFrom({ name: 'elsewhere' })).toBeNull();
    expect(screenFrom('documents')).toBeNull();
    expect(screenFrom(null)).toBeNull();
    expect(screenFrom({ name: 'entry', id: 'one' })).toEqual({ name: 'entry', id: 'one' });
  });

  it('knows which screens are journeys and where the others belong', () => {
    expect(isJourney({ name: 'answer', waiting: true })).toBe(true);
    expect(isJourney({ name: 'history', document: null })).toBe(false);
    expect(sectionOf({ name: 'entry', id: 'one' })).toBe('history');
    expect(sectionOf({ name: 'help' })).toBeNull();
  });
});
