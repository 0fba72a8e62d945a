/** How the window looks on this device: no secret, so it is kept where the window can read it before unlocking. */
export type Theme = 'system' | 'light' | 'dark' | 'contrast';
export type TextSize = '100' | '125' | '150' | '200';
export type Motion = 'system' | 'less';

interface Look {
  theme: Theme;
  text: TextSize;
  motion: Motion;
}

const KEY = 'look';
const THEMES: readonly string[] = ['system', 'light', 'dark', 'contrast'];
const SIZES: readonly string[] = ['100', '125', '150', '200'];

export const look = $state<Look>({ theme: 'system', text: '100', motion: 'system' });

function read(): void {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    if (typeof kept !== 'object' || kept === null) return;
    if ('theme' in kept && THEMES.includes(String(kept.theme))) look.theme = kept.theme as Theme;
    if ('text' in kept && SIZES.includes(String(kept.text))) look.text = kept.text as TextSize;
    if ('motion' in kept && kept.motion === 'less') look.motion = 'less';
  } catch {
    // What cannot be read is as if nothing had been chosen.
  }
}

function draw(): void {
  const { dataset } = document.documentElement;
  dataset['theme'] = look.theme;
  dataset['text'] = look.text;
  dataset['motion'] = look.motion;
}

/** Reads what was chosen on this device and draws it. */
export function applyLook(): void {
  read();
  draw();
}

/** Remembers what is chosen now and draws it. */
export function keepLook(): void {
  draw();
  try {
    localStorage.setItem(KEY, JSON.stringify(look));
  } catch {
    // It holds until the window closes.
  }
}
