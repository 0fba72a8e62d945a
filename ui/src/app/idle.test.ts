import { describe, expect, it, vi } from 'vitest';
import { Idle } from './idle.svelte';

describe('idle', () => {
  it('warns a minute before it locks, and locks once', () => {
    const lock = vi.fn();
    const idle = new Idle(lock, vi.fn());
    const start = Date.now();
    idle.look(start + 3 * 60_000);
    expect(idle.left).toBeNull();
    idle.look(start + 4.5 * 60_000);
    expect(idle.left).toBeGreaterThan(25);
    expect(lock).not.toHaveBeenCalled();
    idle.look(start + 5.1 * 60_000);
    expect(idle.left).toBeNull();
    expect(lock).toHaveBeenCalledTimes(1);
  });

  it('stays when the person says so', () => {
    const lock = vi.fn();
    const report = vi.fn();
    const idle = new Idle(lock, report);
    idle.look(Date.now() + 4.5 * 60_000);
    idle.stay();
    expect(report).toHaveBeenCalledTimes(1);
    expect(idle.left).toBeNull();
    expect(lock).not.toHaveBeenCalled();
  });
});
