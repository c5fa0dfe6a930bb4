/* What is subscribed, and how far each channel has been read: the memory that makes an event arrive
 * once, whatever happens to connections.
 *
 * A channel has its own place, because the host replays channels that are resumed from different
 * places apart from each other. */
import type { Message, Subscribed } from "./messages.js";

export interface Place {
  epoch: string;
  seq: number;
}

export interface Subscription {
  channel: string;
  /** only these event types; undefined: all */
  types: string[] | undefined;
  /** up to here it has been read; undefined: it begins with the next confirmation */
  place: Place | undefined;
}

/** Channels that can be resumed by one message. */
export interface Group {
  channels: string[];
  types: string[] | undefined;
  since: string | undefined;
}

export function parseCursor(cursor: string): Place {
  const parts = /^([^:]+):(\d{1,16})$/.exec(cursor);
  if (parts === null) {
    throw new TypeError(`A cursor has the form EPOCH:SEQ, which "${cursor}" has not`);
  }
  return { epoch: parts[1] as string, seq: Number(parts[2]) };
}

function formatCursor(place: Place): string {
  return `${place.epoch}:${place.seq}`;
}

export class Subscriptions {
  private readonly held = new Map<string, Subscription>();
  /** of events for everyone */
  private everyone: Place | undefined;
  private epoch = "";

  /** A type filter or a cursor that is not given leaves what there is. */
  add(channels: string[], types: string[] | undefined, since: Place | undefined): void {
    for (const channel of channels) {
      const held = this.held.get(channel) ?? { channel, types: undefined, place: undefined };
      held.types = types ?? held.types;
      held.place = since ? { ...since } : held.place;
      this.held.set(channel, held);
    }
  }

  remove(channels: string[]): void {
    for (const channel of channels) {
      this.held.delete(channel);
    }
  }

  has(channel: string): boolean {
    return this.held.has(channel);
  }

  get all(): Subscription[] {
    return [...this.held.values()];
  }

  /** What to send to subscribe these channels; the oldest place first, which brings along the events
   * for everyone since then. */
  groups(channels: string[]): Group[] {
    const groups = new Map<string, Group & { seq: number }>();
    for (const channel of channels) {
      const held = this.held.get(channel);
      if (held === undefined) {
        continue;
      }
      const since = held.place && formatCursor(held.place);
      const key = JSON.stringify([held.types ?? null, since ?? null]);
      const group = groups.get(key) ?? {
        channels: [], types: held.types, since, seq: held.place?.seq ?? Infinity,
      };
      group.channels.push(channel);
      groups.set(key, group);
    }
    return [...groups.values()].sort((a, b) => a.seq - b.seq);
  }

  /** A connection begins, to a host whose newest event is at this place. */
  welcome(head: Place): void {
    this.epoch = head.epoch;
    if (this.everyone?.epoch !== head.epoch) {
      this.everyone = { ...head };
    }
  }

  /** Take a confirmation. False where it says that events may be lost. */
  confirm(confirmation: Subscribed): boolean {
    const lost = confirmation.recovered === false;
    for (const channel of confirmation.channels) {
      const held = this.held.get(channel);
      if (held !== undefined && (held.place === undefined || (lost && !confirmation.missed))) {
        held.place = { epoch: confirmation.epoch, seq: confirmation.seq };
      }
    }
    return !lost;
  }

  /** Note that an event has arrived. False where it has arrived before, or nobody wants it. */
  take(event: Message & { seq: number }): boolean {
    let isNew = false;
    for (const { place, types } of this.coveringOf(event)) {
      if (place.epoch !== this.epoch || place.seq < event.seq) {
        place.epoch = this.epoch;
        place.seq = event.seq;
        isNew = isNew || types === undefined || types.includes(event.type);
      }
    }
    return isNew;
  }

  /** What an event belongs to, with the places that it moves. */
  private coveringOf(event: Message): { place: Place; types: string[] | undefined }[] {
    const channel = event.channel;
    if (channel === undefined) {
      return this.everyone ? [{ place: this.everyone, types: undefined }] : [];
    }
    const all = channel.startsWith("_") ? undefined : this.held.get("*");
    const covering = [];
    for (const held of [this.held.get(channel), all]) {
      if (held?.place !== undefined) {
        covering.push({ place: held.place, types: held.types });
      }
    }
    return covering;
  }

  /** Where to resume all of it at once: the oldest place. */
  get oldest(): string | undefined {
    const places = this.all.map((s) => s.place).filter((p): p is Place => p !== undefined);
    places.sort((a, b) => a.seq - b.seq);
    return places[0] && formatCursor(places[0]);
  }

  /** The types that all subscriptions together want; undefined: every type. */
  get types(): string[] | undefined {
    const all = this.all.map((s) => s.types);
    return all.includes(undefined) ? undefined : [...new Set((all as string[][]).flat())];
  }

  /** The cursor of each channel, to give to `since` in another life of the program. */
  get places(): Record<string, string> {
    const places: Record<string, string> = {};
    for (const held of this.all) {
      if (held.place !== undefined) {
        places[held.channel] = formatCursor(held.place);
      }
    }
    return places;
  }
}
