import { describe, expect, it } from 'vitest';
import { isEasy } from './pins';

describe('pins', () => {
  it('finds runs and repeats easy', () => {
    for (const pin of ['123456', '654321', '000000', 'aaaaaa', 'abcdef']) expect(isEasy(pin), pin).toBe(true);
  });

  it('lets others pass', () => {
    for (const pin of ['271828', '112233', 'correct horse', '135790']) expect(isEasy(pin), pin).toBe(false);
  });
});
