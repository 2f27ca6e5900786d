// When does the person at the terminal (or whatever started us) want us to end?
import { readFileSync } from 'node:fs';

const readProc = (pid, file) => {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1');
  } catch {
    return '';
  }
};

/**
 * Who started us, as far as npm is concerned: `npm start` is npm → sh -c → node, and a TERM or KILL sent to npm never
 * reaches us. Our parent's number changes when it dies; that of the shell's parent is in /proc, where there is one.
 */
function starters() {
  const parent = process.ppid;
  const [program, option] = readProc(parent, 'cmdline').split('\0');
  if (option !== '-c' || !/(^|\/)(da|ba)?sh$/.test(program)) return `${parent}`;
  const stat = readProc(parent, 'stat');
  return `${parent} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]}`;
}

/**
 * Resolves with `{ signal }` at the first Ctrl-C, termination or hang-up, and when the npm that started us is gone.
 * Asked again a second later, the process ends at once; the pipes to the children close with it, and they follow.
 */
export function askedToStop() {
  return new Promise((resolve) => {
    let first = 0;
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
      process.on(signal, () => {
        // npm passes signals on that the terminal sent already: the same one comes twice at once.
        if (first === 0) first = Date.now();
        else if (Date.now() - first > 1000) process.exit(1);
        resolve({ signal });
      });
    if (process.env.npm_lifecycle_event === undefined) return;
    const before = starters();
    setInterval(() => starters() === before || resolve({ signal: 'SIGHUP' }), 500).unref();
  });
}
