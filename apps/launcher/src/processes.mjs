// Children of the launcher: started apart from the terminal, watched, and stopped in order.
import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { PlainError, root } from './paths.mjs';

/**
 * Starts `node ARGS` as a named child. Its standard input is a pipe that it watches: it ends when we end, even by
 * SIGKILL. With `quiet` its output is kept (the last 16 kB) for the message of a failure instead of printed.
 */
export function startNode(name, args, { env, quiet = false }) {
  const output = quiet ? 'pipe' : 'inherit';
  const child = spawn(process.execPath, args, {
    cwd: root,
    env,
    detached: true, // Ctrl-C goes to the whole terminal group; the order of stopping is ours.
    stdio: ['pipe', output, output],
  });
  const running = { name, child, pid: child.pid, code: undefined, said: '' };
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (text) => {
      running.said = (running.said + text).slice(-16_384);
    });
  child.stdin.on('error', () => undefined); // It may be gone when we close the pipe.
  running.exited = new Promise((resolve) => {
    child.once('error', (error) => resolve({ name, code: error.message }));
    child.once('exit', (code, signal) => resolve({ name, code: code ?? signal }));
  }).then((end) => {
    running.code = end.code;
    return end;
  });
  return running;
}

/** Asks a child to end, and insists after `patienceMs`. Resolves when it is gone. */
export async function stopChild(running, { signal = 'SIGTERM', patienceMs = 15_000 } = {}) {
  if (running === undefined || running.code !== undefined) return;
  running.child.kill(signal);
  const insist = setTimeout(() => running.child.kill('SIGKILL'), patienceMs);
  await running.exited;
  clearTimeout(insist);
}

/** Runs `node ARGS` to its end; a PlainError with what it said when it fails. Returns what it printed. */
export async function runNode(name, args, options) {
  const running = startNode(name, args, options);
  const { code } = await running.exited;
  if (code !== 0) throw new PlainError(`${name} failed (${code}).${running.said ? `\n${running.said}` : ''}`);
  return running.said;
}

/** Polls an address until it answers 200 with JSON; fails at once when the child behind it has ended. */
export async function waitForJson(url, running, timeoutMs = 60_000) {
  for (const deadline = Date.now() + timeoutMs; ; await sleep(50)) {
    if (running.code !== undefined)
      throw new PlainError(
        `the ${running.name} ended while starting (${running.code}).${running.said ? `\n${running.said}` : ''}`,
      );
    const body = await fetchJson(url);
    if (body !== undefined) return body;
    if (Date.now() > deadline)
      throw new PlainError(`the ${running.name} did not answer at ${url} within ${timeoutMs / 1000} seconds.`);
  }
}

/** The JSON (or text) of an address that answers 200, else undefined. */
export async function fetchJson(url) {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2000) });
    const text = await response.text();
    if (response.status !== 200) return undefined;
    return text.startsWith('{') ? JSON.parse(text) : text;
  } catch {
    return undefined;
  }
}
