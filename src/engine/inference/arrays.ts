/** Arrays that grow to the largest tile seen and are used again for every later one. */
export class Arrays {
  readonly #kept = new Map<string, ArrayBuffer>();

  bytes = (name: string, length: number) => new Uint8Array(this.#get(`bytes ${name}`, length), 0, length);
  samples = (name: string, length: number) =>
    new Uint16Array(this.#get(`samples ${name}`, 2 * length), 0, length);
  floats = (name: string, length: number) =>
    new Float32Array(this.#get(`floats ${name}`, 4 * length), 0, length);

  #get(name: string, byteLength: number): ArrayBuffer {
    let buffer = this.#kept.get(name);
    if (!buffer || buffer.byteLength < byteLength) {
      buffer = new ArrayBuffer(byteLength);
      this.#kept.set(name, buffer);
    }
    return buffer;
  }
}
