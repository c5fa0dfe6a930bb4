/* A connection over server-sent events, by fetch: for where there is no WebSocket. It only listens. */
import type { Connection, Listener } from "./connection.js";
import {
  CLOSE_EXPIRED, CLOSE_FORBIDDEN, CLOSE_GOING_DOWN, CLOSE_LOST, CLOSE_TOO_MANY, type Ending,
} from "./retry.js";
import { SseParser } from "./sse_parser.js";

/** A refusal over HTTP in the terms of a close code. */
function refusal(response: Response): Ending {
  const codes: Record<number, number> = {
    401: CLOSE_EXPIRED, 403: CLOSE_FORBIDDEN, 429: CLOSE_TOO_MANY,
  };
  const seconds = Number(response.headers.get("retry-after") ?? NaN);
  const retry = Number.isFinite(seconds) ? ` retry_ms=${seconds * 1000}` : "";
  return { code: codes[response.status] ?? CLOSE_LOST, reason: `HTTP ${response.status}${retry}` };
}

async function listen(response: Response, listener: Listener, dropped: AbortSignal): Promise<Ending> {
  const decoder = new TextDecoder();
  let ending: Ending = { code: CLOSE_LOST, reason: "the stream has ended" };
  let started = false;
  const parser = new SseParser({
    onData: (data) => {
      started = true;
      if (!dropped.aborted) {
        listener.onText(data);
      }
    },
    // The first one is a default; a later one says that the host goes down.
    onRetry: (ms) => {
      if (started) {
        ending = { code: CLOSE_GOING_DOWN, reason: `retry_ms=${ms}` };
      }
    },
  });
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  for (;;) {
    let piece;
    try {
      piece = await reader.read();
    } catch {
      return ending;
    }
    if (piece.done) {
      return ending;
    }
    listener.onSign();
    parser.feed(decoder.decode(piece.value, { stream: true }));
  }
}

export function openStream(
  url: string, headers: Record<string, string>, listener: Listener,
): Connection {
  const abort = new AbortController();
  const run = async (): Promise<Ending> => {
    const response = await fetch(url, { headers, signal: abort.signal, cache: "no-store" });
    return response.ok && response.body ? listen(response, listener, abort.signal)
                                        : refusal(response);
  };
  run()
    .catch((error): Ending => ({ code: CLOSE_LOST, reason: String(error) }))
    .then((ending) => {
      if (!abort.signal.aborted) {
        listener.onEnd(ending);
      }
    });
  return { send: undefined, drop: () => abort.abort() };
}
