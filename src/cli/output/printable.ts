/**
 * Control characters, what ends a line, and what turns the direction of writing: in a file name they could
 * steer the terminal, forge a line, or show `exe.jpg` where `gpj.exe` stands.
 */
const STEERING = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/** `text` as one line that shows what it is; what could steer becomes U+FFFD. */
export function printable(text: string): string {
  return text.replaceAll(STEERING, '\ufffd');
}

/** `value` as JSON on one line that is safe on a terminal, too, and reads back the same. */
export function printableJson(value: unknown): string {
  const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(value).replaceAll(STEERING, escaped);
}
