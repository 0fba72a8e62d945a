// Inside the session bus that run.mjs made: unlocks a fresh keystore, then runs the tests (or the program named).

import { spawn, spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));

// It returns when the daemon is ready; the daemon goes when the session bus goes.
keep('gnome-keyring-daemon', ['--unlock', '--components=secrets', '--daemonize'], 'a password for a keyring that is thrown away');
keep('secret-tool', ['store', '--label=ready', 'test', 'ready'], 'yes');

const chosen = process.argv.slice(2);
const everything = readdirSync(here).filter((name) => name.endsWith('.test.mjs')).sort();
const work = chosen.length
  ? chosen
  : ['--test', '--test-concurrency=1', '--test-reporter=spec', ...everything.map((name) => join(here, name))];
const tests = spawn(process.execPath, work, { stdio: ['ignore', 'inherit', 'inherit'] });
tests.once('exit', (status, signal) => {
  process.exit(signal ? 1 : status);
});

/** Runs a program of the keystore with that standard input; there is nothing to test without it. */
function keep(program, args, input) {
  const { error, status, signal } = spawnSync(program, args, { input, stdio: ['pipe', 'ignore', 'inherit'], timeout: 30_000 });
  if (status === 0) return;
  console.error(`the keystore of the tests did not open: ${program} ${error?.message ?? signal ?? status}`);
  process.exit(1);
}
