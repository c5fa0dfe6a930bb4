/* Who waits for which reply. The host answers the messages of a client in their order, so that an
 * error belongs to the oldest one that has no answer yet. */
import type { Message } from "./messages.js";

/** What the host answered in place of a reply. */
export class RefusedError extends Error {}

interface Asked {
  reply: string;
  resolve(message: Message): void;
  reject(error: Error): void;
}

export class Replies {
  private asked: Asked[] = [];

  expect<T>(reply: string): Promise<T> {
    const promise = new Promise<T>((resolve, reject) => {
      this.asked.push({ reply, resolve: (m) => resolve(m as unknown as T), reject });
    });
    // Who does not look at a promise is told by onError.
    promise.catch(() => undefined);
    return promise;
  }

  /** Hand a message to who waits for it. */
  settle(message: Message): void {
    if (this.asked[0]?.reply === message.type) {
      this.asked.shift()?.resolve(message);
    }
  }

  refuse(error: RefusedError): void {
    this.asked.shift()?.reject(error);
  }

  /** The connection has ended: nothing of it is answered any more. */
  abandon(): void {
    const asked = this.asked;
    this.asked = [];
    for (const one of asked) {
      one.reject(new Error("The connection ended before the host answered"));
    }
  }
}
