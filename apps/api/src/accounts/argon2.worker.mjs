// The thread in which passwords are hashed: a tenth of a second of work must not hold up everybody else's requests.
import { parentPort } from 'node:worker_threads';
import { argon2id, argon2Verify } from 'hash-wasm';

async function work({ hash, password, salt, parameters }) {
  if (hash !== undefined) return argon2Verify({ hash, password });
  return argon2id({ password, salt, ...parameters, hashLength: 32, outputType: 'encoded' });
}

parentPort.on('message', (request) => {
  work(request).then(
    (result) => parentPort.postMessage({ id: request.id, result }),
    () => parentPort.postMessage({ id: request.id, failed: true }),
  );
});
