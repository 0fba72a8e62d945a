/** Locks after five minutes without the person; warns one minute before. */
const WARN_AFTER = 4 * 60;
const LOCK_AFTER = 5 * 60;
/** The app counts as well, from the last command; so somebody who reads or types is reported this often. */
const REPORT_EVERY = 30;
const SIGNS = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'focusin'] as const;

export class Idle {
  /** Seconds left while the warning stands. */
  left = $state<number | null>(null);
  #last = Date.now();
  #reported = Date.now();
  readonly #lock: () => void;
  readonly #report: () => void;

  constructor(lock: () => void, report: () => void) {
    this.#lock = lock;
    this.#report = report;
  }

  /** Watches until the function it answers with is called. */
  watch(): () => void {
    const seen = () => {
      if (this.left === null) this.#seen(Date.now());
    };
    this.stay();
    for (const sign of SIGNS) window.addEventListener(sign, seen, { passive: true });
    const clock = setInterval(() => this.look(Date.now()), 1000);
    return () => {
      clearInterval(clock);
      for (const sign of SIGNS) window.removeEventListener(sign, seen);
      this.left = null;
    };
  }

  /** What the clock does, every second. */
  look(now: number): void {
    const idle = (now - this.#last) / 1000;
    if (idle >= LOCK_AFTER) {
      this.left = null;
      this.#last = now;
      this.#lock();
    } else if (idle >= WARN_AFTER) {
      this.left = Math.ceil(LOCK_AFTER - idle);
    }
  }

  /** The person is there. */
  stay(): void {
    this.left = null;
    this.#reported = 0;
    this.#seen(Date.now());
  }

  #seen(now: number): void {
    this.#last = now;
    if (now - this.#reported < REPORT_EVERY * 1000) return;
    this.#reported = now;
    this.#report();
  }
}
