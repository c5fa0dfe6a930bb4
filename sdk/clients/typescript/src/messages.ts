/* What the host and a client say to each other besides events. */

export interface Welcome {
  type: "connection_established";
  /** absent over server-sent events */
  client_id?: number;
  server_time: string;
  /** names a life of the host's data directory */
  epoch: string;
  /** the newest event of the host */
  seq: number;
  cursor: string;
}

export interface Range {
  from: number;
  to: number;
}

export interface Subscribed {
  type: "subscription_confirmed";
  channels: string[];
  epoch: string;
  seq: number;
  cursor: string;
  /** only when a place was resumed */
  recovered?: boolean;
  missed?: Range;
  /** channels that nobody declares */
  unknown_channels?: string[];
}

export interface Unsubscribed {
  type: "unsubscription_confirmed";
  channels: string[];
}

export interface Registered {
  type: "registration_confirmed";
  client_type: string;
  client_name: string;
}

export interface Pong {
  type: "pong";
  timestamp: string;
}

export interface EventsMissed {
  type: "events_missed";
  recovered: false;
  epoch: string;
  missed: Range;
}

export interface Refusal {
  type: "error";
  error: string;
}

/** Any message, as far as it is known before its type is looked at. */
export interface Message {
  type: string;
  seq?: number;
  channel?: string;
  [member: string]: unknown;
}

export function parseMessage(text: string): Message | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const type = (value as { type?: unknown } | null)?.type;
    return typeof type === "string" ? (value as Message) : undefined;
  } catch {
    return undefined;
  }
}
