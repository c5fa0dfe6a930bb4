/* Server-sent events from pieces of text that end anywhere. */

export interface SseHandlers {
  onData(data: string): void;
  onRetry(ms: number): void;
}

export class SseParser {
  private rest = "";
  private data: string[] = [];

  constructor(private readonly handlers: SseHandlers) {}

  feed(text: string): void {
    const lines = (this.rest + text).split("\n");
    this.rest = lines.pop() as string;
    for (const line of lines) {
      this.line(line.endsWith("\r") ? line.slice(0, -1) : line);
    }
  }

  private line(line: string): void {
    const [, name, value] = /^([^:]*):? ?(.*)$/s.exec(line) as unknown as [string, string, string];
    if (line === "" && this.data.length > 0) {
      const data = this.data.join("\n");
      this.data = [];
      this.handlers.onData(data);
    } else if (name === "data") {
      this.data.push(value);
    } else if (name === "retry" && /^\d+$/.test(value)) {
      this.handlers.onRetry(Number(value));
    }
  }
}
