// The practice issuers and services, on a free port of this machine.

import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** Starts the sandbox and waits for the line in which it says where it is. */
export async function startSandbox() {
  const child = spawn(join(process.env.WALLET_PROGRAMS, 'wallet-sandbox'), ['--port', '0', '--json', '--data-dir', join(process.env.WALLET_WORLD, 'sandbox')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const line = await new Promise((resolve, reject) => {
    createInterface(child.stdout).once('line', resolve);
    child.once('error', reject);
    child.once('exit', (status) => reject(new Error(`the sandbox ended with ${status}`)));
  });
  const { url } = JSON.parse(line);

  const ask = async (method, path, body) => {
    const response = await fetch(url + path, {
      method,
      headers: { 'content-type': 'application/json' },
      body: body && JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response.json();
  };
  return {
    url,
    /** A fresh offer: `{ id, uri, tx_code }`. */
    offer: (spec) => ask('POST', '/control/offer', spec),
    /** A fresh request: `{ id, uri }`. */
    request: (spec) => ask('POST', '/control/request', spec),
    /** What a service learnt. */
    learnt: (id) => ask('GET', `/control/request/${id}`),
    stop: () => child.kill(),
  };
}
