/* The client: subscriptions that outlive connections, and handlers that get each event once. */
import { Address } from "./address.js";
import type { Connection, Listener } from "./connection.js";
import { Emitter } from "./emitter.js";
import type { EventMap } from "./events.js";
import { Link } from "./link.js";
import {
  type EventsMissed, type Message, parseMessage, type Pong, type Refusal, type Registered,
  type Subscribed, type Unsubscribed, type Welcome,
} from "./messages.js";
import type {
  Lost, Options, PublishOptions, State, StateChange, SubscribeOptions,
} from "./options.js";
import { RefusedError, Replies } from "./replies.js";
import { openSocket, type WebSocketClass } from "./socket.js";
import { openStream } from "./stream.js";
import { parseCursor, Subscriptions } from "./subscriptions.js";

interface Waiting {
  channels: Set<string>;
  resolve(): void;
  reject(error: Error): void;
}

const LOST = "\0lost";
const ERROR = "\0error";
const STATE = "\0state";

/** `Events` maps names of event types to events: those of the studio's plugins, or what
 * `junmai codegen ts` wrote for another host. */
export class JunmaiClient<Events extends object = EventMap> {
  private readonly address: Address;
  private readonly socketClass: WebSocketClass | undefined;
  private readonly subscriptions = new Subscriptions();
  private readonly replies = new Replies();
  private readonly emitter = new Emitter((error) => this.report(error));
  private readonly link: Link;
  private waiting: Waiting[] = [];
  private current: State = "idle";
  private reopening = false;

  constructor(url: string, private readonly options: Options = {}) {
    this.address = new Address(url);
    const global = (globalThis as { WebSocket?: WebSocketClass }).WebSocket;
    this.socketClass = options.transport === "sse" ? undefined : options.WebSocket ?? global;
    if (options.transport === "websocket" && this.socketClass === undefined) {
      throw new TypeError("There is no WebSocket here: give a class as the option WebSocket, for "
        + "example that of the package ws, or use the transport \"sse\"");
    }
    this.link = new Link(
      {
        open: (listener) => this.open(listener),
        onText: (text) => this.receive(text),
        onQuiet: () => { this.link.connection?.send?.("{\"type\":\"ping\"}"); },
        onChange: (change) => this.change(change),
      },
      {
        retry: { firstMs: options.retry?.firstMs ?? 500, mostMs: options.retry?.mostMs ?? 30000 },
        pingMs: options.pingMs ?? 20000,
        patienceMs: options.patienceMs ?? 10000,
        canRenewToken: typeof options.token === "function",
      },
    );
  }

  get state(): State {
    return this.current;
  }

  /** The cursor of each subscribed channel: keep it, and give it to `since` in another life. */
  get places(): Record<string, string> {
    return this.subscriptions.places;
  }

  /** Connect, and stay connected until `close`. */
  connect(): this {
    if (this.current === "idle" || this.current === "closed") {
      this.startIfUseful();
    }
    return this;
  }

  close(): void {
    this.link.stop();
    this.change({ state: "closed", reason: "by the client" });
  }

  /** Call a handler for each event of a type, or with "*" of every type. Returns what ends that. */
  onEvent<T extends keyof Events & string>(type: T, handler: (event: Events[T]) => void): () => void;
  onEvent<T extends string>(
    type: T extends keyof Events ? never : T, handler: (event: Message) => void,
  ): () => void;
  onEvent(type: string, handler: (event: never) => void): () => void {
    return this.emitter.add(type, handler);
  }

  /** Events may have been lost: the handler reloads its state. */
  onLost(handler: (lost: Lost) => void): () => void {
    return this.emitter.add(LOST, handler);
  }

  /** The host refused a message, or a handler has thrown. */
  onError(handler: (error: Error) => void): () => void {
    return this.emitter.add(ERROR, handler);
  }

  onState(handler: (change: StateChange) => void): () => void {
    return this.emitter.add(STATE, handler);
  }

  /** Listen to channels, now and after each reconnect. Resolves when the host has confirmed it. */
  subscribe(channels: string[], options: SubscribeOptions = {}): Promise<void> {
    if (channels.length === 0) {
      throw new TypeError("subscribe needs at least one channel: \"*\" is all of them");
    }
    for (const channel of channels) {
      const since = typeof options.since === "object" ? options.since[channel] : options.since;
      this.subscriptions.add([channel], options.types, since ? parseCursor(since) : undefined);
    }
    if (this.current === "closed") {
      return Promise.reject(new Error("The client is closed: connect it first"));
    }
    const confirmed = new Promise<void>((resolve, reject) => {
      this.waiting.push({ channels: new Set(channels), resolve, reject });
    });
    confirmed.catch(() => undefined);
    this.changed(() => this.sendSubscribe(channels));
    return confirmed;
  }

  unsubscribe(channels: string[]): void {
    this.subscriptions.remove(channels);
    this.changed(() => {
      void this.ask<Unsubscribed>({ type: "unsubscribe", channels }, "unsubscription_confirmed");
    });
  }

  ping(): Promise<Pong> {
    return this.ask({ type: "ping" }, "pong");
  }

  /** Send a message that a plugin of the host handles; what it answers comes to onEvent. */
  send(message: Message): void {
    const send = this.link.connection?.send;
    if (this.current !== "open" || send === undefined) {
      throw new Error(send === undefined && this.current === "open"
        ? "Over server-sent events nothing can be sent: give the client a WebSocket class"
        : `The client is not connected (${this.current})`);
    }
    send(JSON.stringify(message));
  }

  /** Send an event to a channel, or to every client. */
  async publish(
    type: string, data: Record<string, unknown> = {}, options: PublishOptions = {},
  ): Promise<void> {
    const response = await fetch(this.address.http("/api/websocket/broadcast"), {
      method: "POST",
      headers: { "content-type": "application/json", ...await this.authorization() },
      body: JSON.stringify({ ...options, message: { ...data, type } }),
    });
    const answer = await response.json().catch(() => ({})) as { error?: string };
    if (!response.ok) {
      throw new RefusedError(answer.error ?? `The host answered ${response.status}`);
    }
  }

  private async token(): Promise<string | undefined> {
    const token = this.options.token;
    return typeof token === "function" ? token() : token;
  }

  private async authorization(): Promise<Record<string, string>> {
    const token = await this.token();
    return token === undefined ? {} : { authorization: `Bearer ${token}` };
  }

  private async open(listener: Listener): Promise<Connection> {
    if (this.socketClass !== undefined) {
      return openSocket(this.address.socket, this.socketClass, listener);
    }
    const query = new URLSearchParams({
      channels: this.subscriptions.all.map((s) => s.channel).join(","),
    });
    const { types, oldest } = this.subscriptions;
    if (types !== undefined) {
      query.set("types", types.join(","));
    }
    if (oldest !== undefined) {
      query.set("since", oldest);
    }
    return openStream(this.address.http(`/events?${query}`), await this.authorization(), listener);
  }

  /** A stream without channels would be one of all channels. */
  private startIfUseful(): void {
    if (this.socketClass !== undefined || this.subscriptions.all.length > 0) {
      this.link.start();
    } else {
      this.link.stop();
      this.change({ state: "connecting" });
    }
  }

  /** The subscriptions are others now: say so over a WebSocket, or listen to another stream. */
  private changed(say: () => void): void {
    if (this.socketClass !== undefined) {
      if (this.current === "open") {
        say();
      }
    } else if (this.current !== "idle" && this.current !== "closed" && !this.reopening) {
      this.reopening = true;
      queueMicrotask(() => {
        this.reopening = false;
        if (this.current !== "closed") {
          this.startIfUseful();
        }
      });
    }
  }

  private ask<T>(message: Message, reply: string): Promise<T> {
    this.send(message);
    return this.replies.expect<T>(reply);
  }

  private sendSubscribe(channels: string[]): void {
    for (const group of this.subscriptions.groups(channels)) {
      const { channels, types, since } = group;
      this.ask<Subscribed>({ type: "subscribe", channels, types, since }, "subscription_confirmed")
        .catch((error: Error) => this.refuse(channels, error));
    }
  }

  /** A subscription that the host refuses is not tried again; one that was cut off is. */
  private refuse(channels: string[], error: Error): void {
    if (error instanceof RefusedError) {
      this.subscriptions.remove(channels);
      const [refused, left] = partition(this.waiting, (w) => channels.some((c) => w.channels.has(c)));
      this.waiting = left;
      refused.forEach((w) => w.reject(error));
    }
  }

  private async greet(): Promise<void> {
    const { clientType, clientName } = this.options;
    const token = await this.token();
    if (this.current === "open" && (clientType ?? clientName ?? token) !== undefined) {
      const message = { type: "register", client_type: clientType, client_name: clientName, token };
      await this.ask<Registered>(message, "registration_confirmed");
    }
  }

  private receive(text: string): void {
    const message = parseMessage(text);
    switch (message?.type) {
      case undefined:
        return this.report(new Error(`The host sent what is no message: ${text.slice(0, 80)}`));
      case "connection_established":
        return this.welcome(message as unknown as Welcome);
      case "subscription_confirmed":
        this.confirm(message as unknown as Subscribed);
        break;
      case "events_missed":
        return this.lost(message as unknown as EventsMissed, undefined);
      case "error":
        return this.refused(message as unknown as Refusal);
      default:
    }
    this.replies.settle(message as Message);
    this.deliver(message as Message);
  }

  private welcome(welcome: Welcome): void {
    this.subscriptions.welcome({ epoch: welcome.epoch, seq: welcome.seq });
    this.link.welcomed();
    if (this.link.connection?.send !== undefined) {
      this.greet().catch((error) => this.report(error));
      this.sendSubscribe(this.subscriptions.all.map((s) => s.channel));
    }
  }

  private confirm(confirmation: Subscribed): void {
    if (!this.subscriptions.confirm(confirmation)) {
      this.lost(confirmation, confirmation.channels);
    }
    for (const waiting of this.waiting) {
      confirmation.channels.forEach((channel) => waiting.channels.delete(channel));
    }
    const [confirmed, left] = partition(this.waiting, (w) => w.channels.size === 0);
    this.waiting = left;
    confirmed.forEach((w) => w.resolve());
  }

  private lost(message: Subscribed | EventsMissed, channels: string[] | undefined): void {
    const lost: Lost = {
      recovered: false, epoch: message.epoch, missed: message.missed, channels,
    };
    this.emitter.emit(LOST, lost);
  }

  private refused(message: Refusal): void {
    const error = new RefusedError(message.error);
    this.report(error);
    if (this.socketClass !== undefined) {
      this.replies.refuse(error);
    } else {
      // A stream is asked for as a whole: what was not confirmed yet is to blame.
      this.refuse([...new Set(this.waiting.flatMap((w) => [...w.channels]))], error);
      this.changed(() => undefined);
    }
  }

  private deliver(message: Message): void {
    if (isEvent(message)) {
      if (!this.subscriptions.take(message)) {
        return;
      }
      this.emitter.emit("*", message);
    }
    this.emitter.emit(message.type, message);
  }

  private change(change: StateChange): void {
    this.current = change.state;
    if (change.state !== "open") {
      this.replies.abandon();
    }
    if (change.state === "closed") {
      const waiting = this.waiting;
      this.waiting = [];
      waiting.forEach((w) => w.reject(new Error(`The client was closed: ${change.reason}`)));
    }
    this.emitter.emit(STATE, change);
  }

  private report(error: unknown): void {
    const known = error instanceof Error ? error : new Error(String(error));
    if (this.emitter.has(ERROR)) {
      this.emitter.emit(ERROR, known);
    } else {
      console.error(known);
    }
  }
}

/** Replies are not counted, with one exception. */
function isEvent(message: Message): message is Message & { seq: number } {
  return message.seq !== undefined && message.type !== "subscription_confirmed";
}

function partition<T>(list: T[], test: (item: T) => boolean): [T[], T[]] {
  return [list.filter(test), list.filter((item) => !test(item))];
}
