/** Something that is asked of the wallet: on its way, here, or gone wrong. */
import type { Problem } from '../wallet/bindings/Problem';
import { asProblem } from './problems';

export class Loaded<T> {
  value = $state.raw<T | null>(null);
  problem = $state.raw<Problem | null>(null);
  #turn = 0;

  /** Asks; an answer that arrives after a newer question was asked is dropped. */
  async load(ask: () => Promise<T>): Promise<void> {
    const turn = ++this.#turn;
    try {
      const value = await ask();
      if (turn !== this.#turn) return;
      this.value = value;
      this.problem = null;
    } catch (reason) {
      if (turn === this.#turn) this.problem = asProblem(reason);
    }
  }
}
