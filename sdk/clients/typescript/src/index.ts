/* What the package offers. */
export { JunmaiClient } from "./client.js";
export * from "./events.js";
export type { Message, Pong, Range } from "./messages.js";
export type {
  Lost, Options, PublishOptions, State, StateChange, SubscribeOptions,
} from "./options.js";
export { RefusedError } from "./replies.js";
export type { WebSocketClass, WebSocketLike } from "./socket.js";
