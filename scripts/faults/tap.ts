import type { AddressInfo } from 'node:net';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** A point of the conversation between Worker and transcoder: so many bytes of one side have passed. */
export interface Moment {
  side: 'original' | 'answer';
  bytes: number;
}

interface Trap {
  moment: Moment;
  strike: () => void;
}

/** Stands between Worker and transcoder, counts what passes, and strikes at the byte it is told. */
export class Tap {
  /** Where the transcoder listens; who connects before there is one waits for it. */
  upstreamPort: Promise<number> = Promise.resolve(0);
  passed = { original: 0, answer: 0 };
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #trap: Trap | null = null;

  constructor() {
    this.#server = createServer((client) => {
      client.on('error', () => client.destroy());
      this.#connect(client).catch(() => client.destroy());
    });
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Counts from here on, and calls `strike` once, at the moment; nothing passes after it. */
  arm(moment: Moment | null, strike: () => void = () => undefined): void {
    this.passed = { original: 0, answer: 0 };
    this.#trap = moment === null ? null : { moment, strike };
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  async #connect(client: Socket): Promise<void> {
    const upstream = connect(await this.upstreamPort, '127.0.0.1');
    this.#pump(client, upstream, 'original');
    this.#pump(upstream, client, 'answer');
  }

  #pump(from: Socket, to: Socket, side: Moment['side']): void {
    this.#sockets.add(from);
    from.on('data', (chunk) => {
      const trap = this.#trap;
      const room =
        trap?.moment.side === side ? trap.moment.bytes - this.passed[side] : Number.POSITIVE_INFINITY;
      this.passed[side] += chunk.length;
      if (chunk.length < room) {
        if (!to.write(chunk)) from.pause();
        return;
      }
      // Exactly up to the moment, so that what the receiver has seen does not depend on the kernel's buffers.
      to.write(chunk.subarray(0, room));
      this.#trap = null;
      trap?.strike();
      // A paused socket would not learn that its other end is dead.
      from.destroy();
    });
    to.on('drain', () => from.resume());
    from.on('end', () => to.end());
    // However one side ends, the other learns of it.
    from.on('error', () => to.destroy());
    from.on('close', () => {
      this.#sockets.delete(from);
      to.destroySoon();
    });
  }
}
