/** The wallet the screens use: the real one; in a browser without Tauri, while developing, the one in memory. */
import { isTauri } from '@tauri-apps/api/core';
import { client, type WalletClient } from './client';

async function chosen(): Promise<WalletClient> {
  if ((import.meta.env.DEV || import.meta.env.MODE === 'fake') && !isTauri()) {
    const { fakeClient } = await import('./fake');
    return fakeClient(new URLSearchParams(location.search));
  }
  return client;
}

export const wallet: WalletClient = await chosen();
export type { OpenedView } from './client';
