// Runs the tests of the real window in a world of their own: a virtual screen, a session bus, an unlocked keystore,
// a home and a runtime folder that are thrown away. Started by `cargo xtask test --only window`, which passes the
// folder of the built programs; `node tests/window/run.mjs target/debug [file…]` works as well.

import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const [programs, ...chosen] = process.argv.slice(2);
if (!programs) {
  console.error('usage: node tests/window/run.mjs FOLDER_OF_PROGRAMS [FILE_OR_OPTION…]');
  process.exit(2);
}

const world = mkdtempSync(join(tmpdir(), 'citizen-wallet-window-'));
for (const folder of ['home', 'runtime', 'data']) mkdirSync(join(world, folder));
chmodSync(join(world, 'runtime'), 0o700);

const screen = await startScreen();
let code = 1;
try {
  const env = {
    ...process.env,
    DISPLAY: screen.display,
    HOME: join(world, 'home'),
    XDG_RUNTIME_DIR: join(world, 'runtime'),
    XDG_DATA_HOME: join(world, 'data'),
    XDG_CONFIG_HOME: join(world, 'home', '.config'),
    XDG_CACHE_HOME: join(world, 'home', '.cache'),
    // The same drawing everywhere: no graphics card, no accessibility bus of somebody else's session.
    GDK_BACKEND: 'x11',
    LIBGL_ALWAYS_SOFTWARE: '1',
    NO_AT_BRIDGE: '1',
    WALLET_PROGRAMS: resolve(programs),
    WALLET_WORLD: world,
  };
  for (const name of ['WAYLAND_DISPLAY', 'DBUS_SESSION_BUS_ADDRESS', 'WALLET_DATA_DIR']) delete env[name];
  code = await run('dbus-run-session', ['--', process.execPath, join(here, 'session.mjs'), ...chosen], env);
} finally {
  screen.stop();
  rmSync(world, { recursive: true, force: true, maxRetries: 5 });
}
process.exit(code);

/** Xvfb on a display it finds free itself; it says which on file descriptor 3 once it is ready. */
function startScreen() {
  return new Promise((done, fail) => {
    const child = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1400x1000x24', '-nolisten', 'tcp'], {
      stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    });
    createInterface(child.stderr).on('line', (line) => {
      // It tries one display after the other until one is free, and tells of each.
      if (!line.startsWith('_XSERVTrans')) console.error(line);
    });
    child.once('error', fail);
    child.once('exit', (status) => fail(new Error(`Xvfb ended with ${status} before it was ready`)));
    child.stdio[3].once('data', (number) => {
      child.removeAllListeners('exit');
      done({ display: `:${String(number).trim()}`, stop: () => child.kill() });
    });
  });
}

/** Runs the session in a process group of its own, which ends with it: services that a bus starts like to stay. */
function run(program, args, env) {
  return new Promise((done, fail) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env, detached: true });
    for (const [from, to] of [[child.stdout, process.stdout], [child.stderr, process.stderr]]) {
      createInterface(from).on('line', (line) => {
        // The buses tell of every service they start.
        if (!/dbus-daemon\[|^SpiRegistry/.test(line)) to.write(`${line}\n`);
      });
    }
    child.once('error', fail);
    child.once('exit', (status, signal) => {
      try {
        process.kill(-child.pid, 'SIGTERM');
      } catch {
        // Nobody stayed.
      }
      done(signal ? 1 : status);
    });
  });
}
