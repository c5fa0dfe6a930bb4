/* When to connect again: what the host asks for, else later and later, never all clients at once. */

/** How a connection ended. Code 1006: without a word. */
export interface Ending {
  code: number;
  reason: string;
}

export interface RetryOptions {
  /** the longest first wait, in ms; each further one may be twice as long */
  firstMs: number;
  /** the longest wait of all, in ms */
  mostMs: number;
}

export const CLOSE_GOING_DOWN = 1001;
export const CLOSE_LOST = 1006;
export const CLOSE_EXPIRED = 4401;
export const CLOSE_FORBIDDEN = 4403;
export const CLOSE_STALLED = 4408;
export const CLOSE_TOO_MANY = 4429;

const TOO_MANY_LEAST_MS = 5000;

/** The wait before the attempt after `failures` failed ones, in ms. */
export function retryDelay(ending: Ending, failures: number, options: RetryOptions): number {
  const asked = /\bretry_ms=(\d{1,8})\b/.exec(ending.reason);
  if (asked !== null && failures === 0) {
    return Number(asked[1]);
  }
  const longest = Math.min(options.mostMs, options.firstMs * 2 ** Math.min(failures, 30));
  const wait = longest * (0.5 + Math.random() / 2);
  return ending.code === CLOSE_TOO_MANY ? Math.max(wait, TOO_MANY_LEAST_MS) : wait;
}

/** Whether connecting again can help; an expired token only where there is a way to a new one. */
export function mayRetry(ending: Ending, canRenewToken: boolean): boolean {
  return ending.code !== CLOSE_FORBIDDEN && (ending.code !== CLOSE_EXPIRED || canRenewToken);
}
