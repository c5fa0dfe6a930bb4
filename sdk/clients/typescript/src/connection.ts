/* A connection to the host, over whatever it goes. It tells its listener each message and, once and
 * as the last thing, how it ended; after `drop` it tells nothing more. */
import type { Ending } from "./retry.js";

export interface Listener {
  onText(text: string): void;
  /** something came that is no message: the host is there */
  onSign(): void;
  onEnd(ending: Ending): void;
}

export interface Connection {
  /** Undefined where the client can only listen. */
  send: ((text: string) => void) | undefined;
  drop(): void;
}
