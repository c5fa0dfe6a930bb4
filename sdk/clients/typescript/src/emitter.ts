/* Handlers by name. One that throws does not keep the others from being called. */

type Handler = (value: never) => void;

export class Emitter {
  private readonly handlers = new Map<string, Set<Handler>>();

  constructor(private readonly onThrow: (error: unknown) => void) {}

  /** Returns what removes the handler. */
  add<T>(name: string, handler: (value: T) => void): () => void {
    const set = this.handlers.get(name) ?? new Set();
    const entry = (value: T) => handler(value);
    this.handlers.set(name, set.add(entry as Handler));
    return () => void set.delete(entry as Handler);
  }

  has(name: string): boolean {
    return (this.handlers.get(name)?.size ?? 0) > 0;
  }

  emit<T>(name: string, value: T): void {
    for (const handler of [...(this.handlers.get(name) ?? [])]) {
      try {
        (handler as (value: T) => void)(value);
      } catch (error) {
        this.onThrow(error);
      }
    }
  }
}
