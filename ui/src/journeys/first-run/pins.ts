/** Which PINs are told to be too easy before the wallet is even asked; the wallet has the last word. */

/** At least this many digits or letters. */
export const SHORTEST = 6;

/** One character again and again, or a run up or down such as 123456. */
export function isEasy(pin: string): boolean {
  const steps = new Set<number>();
  for (let at = 1; at < pin.length; at += 1) steps.add(pin.charCodeAt(at) - pin.charCodeAt(at - 1));
  const [only] = steps;
  return steps.size === 1 && only !== undefined && Math.abs(only) <= 1;
}
