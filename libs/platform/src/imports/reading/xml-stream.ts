import { SaxesParser } from 'saxes';
import { ImportFailure } from '../import-failure.js';

export type XmlHandlers = Readonly<{
  /** Names come without their namespace prefix. */
  open?: (name: string, attributes: Readonly<Record<string, string>>) => void;
  close?: (name: string) => void;
  text?: (text: string) => void;
}>;

const MAX_TAG = 256 * 1024;
const LONGEST_ENTITY = 12;

const localName = (name: string): string => name.slice(name.indexOf(':') + 1);

/**
 * Feeds a part of a workbook to handlers and yields after each piece of input. Texts are cut behind `maxText` characters,
 * so that one huge cell needs no memory. Entities are not expanded beyond the five of XML. Throws `ImportFailure`.
 */
export async function* streamXml(
  pieces: AsyncIterable<Uint8Array>,
  handlers: XmlHandlers,
  maxText: number,
): AsyncGenerator<number> {
  const parser = new SaxesParser({ xmlns: false, position: false });
  parser.on('opentag', ({ name, attributes }) =>
    handlers.open?.(localName(name), attributes as Record<string, string>),
  );
  parser.on('closetag', ({ name }) => handlers.close?.(localName(name)));
  parser.on('text', (text) => handlers.text?.(text));
  parser.on('cdata', (text) => handlers.text?.(text));
  parser.on('error', (error) => {
    throw error;
  });
  const decoder = new TextDecoder('utf-8');
  const cutter = new TextCutter(maxText);
  for await (const piece of pieces) {
    guard(() => parser.write(cutter.cut(decoder.decode(piece, { stream: true }))));
    yield piece.length;
  }
  guard(() => parser.close());
}

function guard(work: () => void): void {
  try {
    work();
  } catch (error) {
    if (error instanceof ImportFailure) throw error;
    throw new ImportFailure({
      code: 'import.broken-workbook',
      detail: 'A part of the workbook is not well-formed XML.',
    });
  }
}

/** Drops what a text between two tags has beyond a limit, never in the middle of an entity. */
class TextCutter {
  private inTag = false;
  private run = 0;

  constructor(private readonly maxText: number) {}

  cut(chunk: string): string {
    const kept: string[] = [];
    let at = 0;
    while (at < chunk.length) {
      const end = chunk.indexOf(this.inTag ? '>' : '<', at);
      const stop = end < 0 ? chunk.length : this.inTag ? end + 1 : end;
      kept.push(this.take(chunk.slice(at, stop)));
      if (end >= 0) {
        this.inTag = !this.inTag;
        this.run = 0;
      }
      at = stop;
    }
    return kept.join('');
  }

  private take(piece: string): string {
    const before = this.run;
    this.run += piece.length;
    if (this.inTag) {
      if (this.run > MAX_TAG) throw new Error('a tag is too long');
      return piece;
    }
    if (this.run <= this.maxText) return piece;
    if (before > this.maxText + LONGEST_ENTITY) return '';
    const end = Math.max(LONGEST_ENTITY, this.maxText - before);
    const entity = piece.lastIndexOf('&', end);
    const open = entity >= 0 && entity > end - LONGEST_ENTITY && !piece.slice(entity, end).includes(';');
    this.run = Math.max(this.run, this.maxText + LONGEST_ENTITY + 1);
    return piece.slice(0, open ? entity : end);
  }
}
