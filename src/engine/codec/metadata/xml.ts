/** As much of XML as XMP is written in, with the places of everything, so that parts can be cut out or replaced. */
interface Attribute {
  /** Namespace and local name; the namespace is empty without a prefix. */
  uri: string;
  local: string;
  value: string;
  /** With the space before it. */
  start: number;
  end: number;
  /** Of what stands between the quotes. */
  valueStart: number;
  valueEnd: number;
}

export interface Element {
  /** With its prefix, as it is written. */
  name: string;
  uri: string;
  local: string;
  attributes: Attribute[];
  children: Element[];
  start: number;
  /** Behind its opening tag, and before its closing one; the same for an empty element. */
  contentStart: number;
  contentEnd: number;
  end: number;
}

const NAME = '[A-Za-z_][\\w.-]*(?::[A-Za-z_][\\w.-]*)?';
const TAG = new RegExp(`^<(${NAME})((?:\\s+${NAME}\\s*=\\s*(?:"[^"<]*"|'[^'<]*'))*)\\s*(/?)>`);
const ATTRIBUTE = new RegExp(`\\s+(${NAME})\\s*=\\s*("[^"<]*"|'[^'<]*')`, 'g');
const CLOSING = new RegExp(`^</(${NAME})\\s*>`);
/** Comments, instructions and literal text: from what begins them to what ends them. */
const SKIPPED = [
  ['<!--', '-->'],
  ['<?', '?>'],
  ['<![CDATA[', ']]>'],
] as const;
const LONGEST_TAG = 1024 * 1024;
const DEEPEST = 200;

interface Open {
  element: Element;
  prefixes: ReadonlyMap<string, string>;
}

/** The elements at the top of `text`; undefined if it is not well-formed, or has a document type. */
export function parseXml(text: string): Element[] | undefined {
  const top: Element[] = [];
  const open: Open[] = [];
  for (let at = text.indexOf('<'); at >= 0; at = text.indexOf('<', at)) {
    const skipped = SKIPPED.find(([begin]) => text.startsWith(begin, at));
    if (skipped) {
      const end = text.indexOf(skipped[1], at + skipped[0].length);
      if (end < 0) return undefined;
      at = end + skipped[1].length;
      continue;
    }
    const close = tagEnd(text, at);
    if (close === undefined) return undefined;
    const tag = text.slice(at, close);
    const closing = CLOSING.exec(tag);
    if (closing) {
      const last = open.pop();
      if (!last || last.element.name !== closing[1]) return undefined;
      last.element.contentEnd = at;
      last.element.end = close;
    } else {
      const [, name, attributes, empty] = TAG.exec(tag) ?? [];
      if (name === undefined || attributes === undefined || open.length > DEEPEST) return undefined;
      const parent = open.at(-1);
      const element = { name, start: at, contentStart: close, contentEnd: close, end: close, children: [] };
      const scoped = inScope(element, attributes, parent?.prefixes ?? new Map());
      (parent ? parent.element.children : top).push(scoped.element);
      if (!empty) open.push(scoped);
    }
    at = close;
  }
  return open.length === 0 ? top : undefined;
}

/** Behind the `>` that ends the tag at `start`; those within quotes do not. */
function tagEnd(text: string, start: number): number | undefined {
  let quote: string | undefined;
  const last = Math.min(text.length, start + LONGEST_TAG);
  for (let at = start; at < last; at++) {
    const character = text[at];
    if (quote !== undefined) {
      if (character === quote) quote = undefined;
    } else if (character === '>') return at + 1;
    else if (character === '"' || character === "'") quote = character;
  }
  return undefined;
}

function inScope(
  element: Omit<Element, 'uri' | 'local' | 'attributes'>,
  text: string,
  outer: ReadonlyMap<string, string>,
): Open {
  const from = element.start + 1 + element.name.length;
  const found = [...text.matchAll(ATTRIBUTE)].map((match) => {
    const [whole, name = '', quoted = ''] = match;
    const start = from + match.index;
    const end = start + whole.length;
    const value = unescaped(quoted.slice(1, -1));
    return { name, value, start, end, valueStart: end - quoted.length + 1, valueEnd: end - 1 };
  });
  const declared = found.filter(({ name }) => name.startsWith('xmlns:'));
  const own = declared.map(({ name, value }) => [name.slice('xmlns:'.length), value] as const);
  const prefixes = own.length > 0 ? new Map([...outer, ...own]) : outer;
  const named = (name: string) => {
    const [first = '', second] = name.split(':');
    return second === undefined
      ? { uri: '', local: first }
      : { uri: prefixes.get(first) ?? first, local: second };
  };
  const attributes = found.map(({ name, ...rest }) => ({ ...rest, ...named(name) }));
  return { element: { ...element, ...named(element.name), attributes }, prefixes };
}

function unescaped(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&');
}

/** `text` for the content of an element or, in double quotes, an attribute. Characters that XML forbids go. */
export function escaped(text: string): string {
  return text
    .replaceAll(/[^\P{Cc}\t\n\r]/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
