// Where the checkout is, seen from this file. Node built-ins only: this is imported before `npm ci` has run.
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');
export const inRoot = (...parts) => path.join(root, ...parts);

/** True when the module at `moduleUrl` is the program that was started, and not imported by another one. */
export const isProgram = (moduleUrl) =>
  process.argv[1] !== undefined && path.resolve(process.argv[1]) === fileURLToPath(moduleUrl);

/** Loads `.env` of the checkout when there is one; what the environment already says stays. */
export function loadDotEnv() {
  try {
    process.loadEnvFile?.(inRoot('.env'));
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
}

/** An expected failure: the sentence is for the person at the terminal, a stack trace would only hide it. */
export class PlainError extends Error {}

/** Runs a program's body; a PlainError is printed as its sentence, anything else with its stack. Exit code 1 for both. */
export async function runProgram(body) {
  try {
    process.exitCode = (await body()) ?? 0;
  } catch (error) {
    console.error(error instanceof PlainError ? `segel: ${error.message}` : error);
    process.exitCode = 1;
  }
}
