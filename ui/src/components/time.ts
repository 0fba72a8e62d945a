/** How long until an instant (RFC 3339), in seconds; never less than 0. */
export function secondsUntil(instant: string, now = Date.now()): number {
  return Math.max(0, (Date.parse(instant) - now) / 1000);
}
