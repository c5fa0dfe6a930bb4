/* A connection over WebSocket: that of a browser, or a class with its interface. */
import type { Connection, Listener } from "./connection.js";
import { CLOSE_LOST } from "./retry.js";

/* eslint-disable @typescript-eslint/no-explicit-any -- classes differ in their types of events */
export interface WebSocketLike {
  send(text: string): void;
  close(): void;
  onmessage: ((event: any) => void) | null;
  onclose: ((event: any) => void) | null;
  onerror: ((event: any) => void) | null;
}

export type WebSocketClass = new (url: string) => WebSocketLike;

export function openSocket(url: string, Socket: WebSocketClass, listener: Listener): Connection {
  const socket = new Socket(url);
  let dropped = false;
  socket.onmessage = (event: { data: unknown }) => {
    if (!dropped) {
      listener.onText(String(event.data));
    }
  };
  socket.onclose = (event: { code?: number; reason?: unknown }) => {
    if (!dropped) {
      dropped = true;
      listener.onEnd({ code: event.code ?? CLOSE_LOST, reason: String(event.reason ?? "") });
    }
  };
  // A close follows, which says all that is known.
  socket.onerror = () => undefined;
  return {
    send: (text) => socket.send(text),
    drop: () => {
      dropped = true;
      socket.close();
    },
  };
}
