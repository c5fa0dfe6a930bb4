/* One connection after another: opens them, watches over them, waits between them, and gives up where
 * the host says so. What is said over them is the client's affair. */
import type { Connection, Listener } from "./connection.js";
import type { StateChange } from "./options.js";
import { CLOSE_LOST, type Ending, mayRetry, retryDelay, type RetryOptions } from "./retry.js";

export interface LinkOptions {
  retry: RetryOptions;
  pingMs: number;
  patienceMs: number;
  canRenewToken: boolean;
}

export interface LinkOwner {
  /** Open a connection; it may fail. */
  open(listener: Listener): Promise<Connection>;
  onText(text: string): void;
  /** Time to say something, so that a peer that is gone is noticed. */
  onQuiet(): void;
  onChange(change: StateChange): void;
}

export class Link {
  connection: Connection | undefined;
  private attempt = 0; // numbers connections: what an older one tells is ignored
  private failures = 0;
  private wake: ReturnType<typeof setTimeout> | undefined;
  private guard: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly owner: LinkOwner, private readonly options: LinkOptions) {}

  start(): void {
    this.stop();
    const attempt = this.attempt;
    const mine = (action: () => void) => () => {
      if (attempt === this.attempt) {
        action();
      }
    };
    const listener: Listener = {
      onText: (text) => mine(() => { this.watch(); this.owner.onText(text); })(),
      onSign: mine(() => this.watch()),
      onEnd: (ending) => mine(() => this.ended(ending))(),
    };
    this.owner.onChange({ state: "connecting" });
    this.guard = setTimeout(() => this.ended(silence), this.options.patienceMs);
    this.owner.open(listener).then(
      (connection) => {
        if (attempt === this.attempt) {
          this.connection = connection;
        } else {
          connection.drop();
        }
      },
      (error) => listener.onEnd({ code: CLOSE_LOST, reason: String(error) }),
    );
  }

  /** The host has welcomed this client. */
  welcomed(): void {
    this.failures = 0;
    this.owner.onChange({ state: "open" });
  }

  stop(): void {
    this.attempt++;
    clearTimeout(this.wake);
    clearTimeout(this.guard);
    this.connection?.drop();
    this.connection = undefined;
  }

  /** Something came: the host may be quiet for a while now. */
  private watch(): void {
    clearTimeout(this.guard);
    this.guard = setTimeout(() => {
      this.guard = setTimeout(() => this.ended(silence), this.options.patienceMs);
      this.owner.onQuiet();
    }, this.options.pingMs);
  }

  private ended(ending: Ending): void {
    this.stop();
    const told = { code: ending.code, reason: ending.reason };
    if (!mayRetry(ending, this.options.canRenewToken)) {
      this.owner.onChange({ state: "closed", ...told });
      return;
    }
    const retryMs = retryDelay(ending, this.failures++, this.options.retry);
    this.wake = setTimeout(() => this.start(), retryMs);
    this.owner.onChange({ state: "waiting", ...told, retryMs });
  }
}

const silence: Ending = { code: CLOSE_LOST, reason: "the host was silent for too long" };
