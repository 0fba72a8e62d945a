import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { UpkeepView } from '../wallet/bindings/UpkeepView';
import { Upkeep } from './upkeep';

describe('upkeep', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  function answering(...answers: UpkeepView[]) {
    const keep = vi.fn(async () => answers.shift() ?? { changed: false, again_in_s: null });
    const changed = vi.fn();
    return { keep, changed, upkeep: new Upkeep(keep, changed) };
  }

  it('comes back when the wallet says so, and not before', async () => {
    const { keep, changed, upkeep } = answering(
      { changed: false, again_in_s: 90 },
      { changed: true, again_in_s: 3600 },
    );
    const stop = upkeep.watch();
    await vi.advanceTimersByTimeAsync(89_000);
    expect(keep).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(keep).toHaveBeenCalledTimes(2);
    expect(changed).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(3_599_000);
    expect(keep).toHaveBeenCalledTimes(2);
    stop();
    await vi.advanceTimersByTimeAsync(86_400_000);
    expect(keep).toHaveBeenCalledTimes(2);
  });

  it('has no timer where there is nothing to do, and none after a problem', async () => {
    const nothing = answering({ changed: false, again_in_s: null });
    nothing.upkeep.watch();
    await vi.advanceTimersByTimeAsync(0);
    expect(vi.getTimerCount()).toBe(0);
    const failing = vi.fn(async () => Promise.reject(new Error('locked')));
    new Upkeep(failing, vi.fn()).watch();
    await vi.advanceTimersByTimeAsync(86_400_000);
    expect(failing).toHaveBeenCalledTimes(1);
  });

  it('forgets an answer that comes after the wallet was locked', async () => {
    let answer: (done: UpkeepView) => void = () => undefined;
    const keep = vi.fn(() => new Promise<UpkeepView>((resolve) => (answer = resolve)));
    const changed = vi.fn();
    const stop = new Upkeep(keep, changed).watch();
    stop();
    answer({ changed: true, again_in_s: 1 });
    await vi.advanceTimersByTimeAsync(5_000);
    expect(changed).not.toHaveBeenCalled();
    expect(keep).toHaveBeenCalledTimes(1);
  });

  it('waits a day at most, so that a timer never runs over', async () => {
    const { keep, upkeep } = answering({ changed: false, again_in_s: 4_000_000 });
    upkeep.watch();
    await vi.advanceTimersByTimeAsync(86_400_000);
    expect(keep).toHaveBeenCalledTimes(2);
  });
});
