/**
 * The router: one screen at a time, kept in the window's own history so that Back works as everywhere. The page's
 * heading takes the focus and names the window (`components/Page.svelte`).
 */
import { screenFrom, type Screen } from './screens';

const HOME: Screen = { name: 'documents' };

export class Router {
  current = $state.raw<Screen>(HOME);
  /** Counts arrivals, so that going to the same screen again draws it anew. */
  arrivals = $state(0);
  /** A journey's own Back: answers true when it went one step back itself. */
  backInJourney: (() => boolean) | null = null;
  #depth = 0;
  readonly #history: History;

  constructor(history: History = window.history) {
    this.#history = history;
    history.replaceState(HOME, '');
  }

  /** Goes to a screen. */
  go(screen: Screen): void {
    this.#depth += 1;
    this.#history.pushState(screen, '');
    this.#arrive(screen);
  }

  /** Goes to a screen to which Back shall not lead over the present one. */
  replace(screen: Screen): void {
    this.#history.replaceState(screen, '');
    this.#arrive(screen);
  }

  /** One step back; home when there is none. */
  back(): void {
    if (this.#depth > 0) this.#history.back();
    else this.replace(HOME);
  }

  /** To be called when the window's history moved. */
  moved(state: unknown): void {
    if (this.backInJourney?.()) {
      this.#history.pushState(this.current, '');
      return;
    }
    this.#depth = Math.max(0, this.#depth - 1);
    this.#arrive(screenFrom(state) ?? HOME);
  }

  #arrive(screen: Screen): void {
    this.backInJourney = null;
    this.current = screen;
    this.arrivals += 1;
  }
}
