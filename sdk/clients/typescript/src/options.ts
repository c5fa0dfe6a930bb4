/* How a client is made, and what it tells besides events. */
import type { Range } from "./messages.js";
import type { RetryOptions } from "./retry.js";
import type { WebSocketClass } from "./socket.js";

export interface Options {
  /** what operators see of this client: gui, mobile, lightroom, … */
  clientType?: string;
  clientName?: string;
  /** a bearer token, or what gets one; a function is asked again for each connection */
  token?: string | (() => string | Promise<string>);
  /** "auto" (the default): WebSocket where there is a class for it, else server-sent events */
  transport?: "auto" | "websocket" | "sse";
  /** where there is no global WebSocket: a class with its interface, as that of the package ws */
  WebSocket?: WebSocketClass;
  /** waits between attempts to connect; by default 0.5 s at first and 30 s at most */
  retry?: Partial<RetryOptions>;
  /** how often the host is asked whether it is still there, in ms (20000) */
  pingMs?: number;
  /** how long it may be silent beyond that, or take to welcome this client, in ms (10000) */
  patienceMs?: number;
}

export interface SubscribeOptions {
  /** only events of these types */
  types?: string[];
  /** go on behind a cursor, or behind one for each channel, as `places` told in an earlier life */
  since?: string | Record<string, string>;
}

export interface PublishOptions {
  /** without a channel the event goes to every client */
  channel?: string;
  /** keep it over a restart of the host */
  durable?: boolean;
}

/** Events may be lost: reload your state. */
export interface Lost {
  recovered: false;
  epoch: string;
  /** where they were; undefined after a change of epoch: everything before may be */
  missed: Range | undefined;
  /** which channels; undefined: any that is subscribed */
  channels: string[] | undefined;
}

/** "waiting" is between two attempts; "closed" is the end, by `close` or because the host says so. */
export type State = "idle" | "connecting" | "open" | "waiting" | "closed";

export interface StateChange {
  state: State;
  /** why, where a connection ended */
  code?: number;
  reason?: string;
  /** until the next attempt */
  retryMs?: number;
}
