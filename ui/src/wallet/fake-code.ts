/** A drawing that looks like a QR code of version 25 and says nothing. */
const VERSION = 25;
const SIZE = 17 + 4 * VERSION;

function inFinder(x: number, y: number): boolean | null {
  for (const [left, top] of [
    [0, 0],
    [SIZE - 7, 0],
    [0, SIZE - 7],
  ] as const) {
    const dx = x - left;
    const dy = y - top;
    if (dx < -1 || dy < -1 || dx > 7 || dy > 7) continue;
    const ring = Math.max(Math.abs(dx - 3), Math.abs(dy - 3));
    return ring === 3 || ring <= 1;
  }
  return null;
}

function dark(x: number, y: number): boolean {
  const finder = inFinder(x, y);
  if (finder !== null) return finder;
  if (x === 6 || y === 6) return (x + y) % 2 === 0;
  let mixed = (x * 374_761_393 + y * 668_265_263) | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 13), 1_274_126_177);
  return ((mixed ^ (mixed >>> 16)) & 1) === 1;
}

export function drawing(): { size: number; path: string; version: number } {
  let path = '';
  for (let y = 0; y < SIZE; y += 1) {
    for (let x = 0; x < SIZE; x += 1) {
      if (!dark(x, y)) continue;
      let run = 1;
      while (x + run < SIZE && dark(x + run, y)) run += 1;
      path += `M${x} ${y}h${run}v1h-${run}z`;
      x += run;
    }
  }
  return { size: SIZE, path, version: VERSION };
}
