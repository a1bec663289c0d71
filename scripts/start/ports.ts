import { createServer } from 'node:net';
import { StartError } from './say.ts';

/** Returns the port asked for by `PORT`, 5173 unless it says otherwise. Throws StartError when it is none. */
export function wantedPort(): number {
  const text = process.env.PORT ?? '5173';
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new StartError(`PORT is "${text}", which is not a port. Set it to a number from 1 to 65535.`);
  }
  return port;
}

/** Returns the address that people open for an installation at this port. */
export function originOf(port: number): string {
  return `http://localhost:${port}`;
}

/** Returns the line that says where mail is read that a development installation would have sent. */
export function mailLine(port: number): string {
  return `mail: ${originOf(port)}/dev/outbox`;
}

/** Throws StartError when somebody else listens on the port already. */
export async function mustBeFree(port: number): Promise<void> {
  for (const host of ['127.0.0.1', '::1']) {
    await new Promise<void>((resolve, reject) => {
      const probe = createServer();
      probe.once('error', (error: NodeJS.ErrnoException) => {
        if (error.code === 'EADDRINUSE') {
          reject(new StartError(`Port ${port} is taken. Choose another: PORT=${port + 1} npm start`));
        } else if (error.code === 'EACCES') {
          reject(
            new StartError(`Port ${port} may not be used by you. Choose one above 1023: PORT=5173 npm start`),
          );
        } else resolve();
      });
      probe.listen(port, host, () => probe.close(() => resolve()));
    });
  }
}
