/* Where a host is, from what a caller writes: http://HOST:PORT, or the address of its WebSocket. */

export class Address {
  private readonly base: string;

  constructor(url: string) {
    const scheme = /^(http|https|ws|wss):\/\//.exec(url);
    if (scheme === null) {
      throw new TypeError(`"${url}" is no address of a host: write http://localhost:5100`);
    }
    this.base = url.replace(/^ws/, "http").replace(/\/+$/, "").replace(/\/ws$/, "");
  }

  http(path: string): string {
    return this.base + path;
  }

  get socket(): string {
    return this.base.replace(/^http/, "ws") + "/ws";
  }
}
