// Inside the session bus that run.mjs made: unlocks a fresh keystore, then runs the tests (or the program named).

import { spawn, spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));

// It returns when the daemon is ready; the daemon goes when the session bus goes.
keep('gnome-keyring-daemon', ['--unlock', '--components=secrets', '--daemonize'], 'a password for a keyring that is thrown away');
served();
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

/**
 * Waits until the daemon has its name. The bus is asked who is there: a call to the service itself would have the bus start a
 * second daemon, a locked one, over the keyring the first is writing.
 */
function served() {
  const bus = 'org.freedesktop.DBus';
  const question = [`--dest=${bus}`, '/org/freedesktop/DBus', `${bus}.NameHasOwner`, 'string:org.freedesktop.secrets'];
  const end = Date.now() + 30_000;
  while (Date.now() < end) {
    const answer = spawnSync('dbus-send', ['--session', '--print-reply', ...question], { encoding: 'utf8' });
    if (answer.stdout?.includes('boolean true')) return;
  }
  console.error('gnome-keyring-daemon did not take its name on the session bus');
  process.exit(1);
}

/** Runs a program of the keystore with that standard input; there is nothing to test without it. */
function keep(program, args, input) {
  const { error, status, signal } = spawnSync(program, args, { input, stdio: ['pipe', 'ignore', 'inherit'], timeout: 30_000 });
  if (status === 0) return;
  console.error(`the keystore of the tests did not open: ${program} ${error?.message ?? signal ?? status}`);
  process.exit(1);
}
