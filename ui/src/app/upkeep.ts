/** Keeps documents fresh while the wallet is open. The wallet says when there is something to do; in between nothing happens. */
import type { UpkeepView } from '../wallet/bindings/UpkeepView';

/** The longest a timer waits; a wallet is not open for longer. */
const LONGEST_S = 24 * 60 * 60;

export class Upkeep {
  #timer: ReturnType<typeof setTimeout> | undefined;
  #watching = 0;
  readonly #keep: () => Promise<UpkeepView>;
  readonly #changed: () => void;

  /** `changed` is called where there are fresh copies, or something new to check. */
  constructor(keep: () => Promise<UpkeepView>, changed: () => void) {
    this.#keep = keep;
    this.#changed = changed;
  }

  /** Looks after the documents until the function it answers with is called. */
  watch(): () => void {
    this.#watching += 1;
    const watch = this.#watching;
    void this.#look(watch);
    return () => {
      this.#watching += 1;
      clearTimeout(this.#timer);
    };
  }

  async #look(watch: number): Promise<void> {
    let done: UpkeepView;
    try {
      done = await this.#keep();
    } catch {
      // The wallet locked meanwhile, or cannot read its store: then every screen says so.
      return;
    }
    if (watch !== this.#watching) return;
    if (done.changed) this.#changed();
    if (done.again_in_s === null) return;
    const wait = Math.min(done.again_in_s, LONGEST_S) * 1000;
    this.#timer = setTimeout(() => void this.#look(watch), wait);
  }
}
