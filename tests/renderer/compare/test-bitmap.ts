/** Behaves like an `ImageBitmap` of 10×10 pixels, and remembers whether it was closed. */
export class TestBitmap {
  readonly width = 10;
  readonly height = 10;
  closed = false;

  close(): void {
    this.closed = true;
  }
}
