import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { branchCode, BRANCHES } from '../tickets/bench-group.js';

const HEADER =
  'externalId,branch,kind,channel,categoryCode,categoryName,content,requesterName,requesterPhone,unitText,receivedAt,completedAt';
const CATEGORIES = 20;
const LINES_AT_ONCE = 2000;
const MINUTE = 60_000;
const FIRST = Date.UTC(2023, 0, 1);
/** Tickets come in over two years, so that the calendar, the policies and all months are asked. */
const SPAN_MINUTES = 2 * 365 * 24 * 60;

function line(index: number, count: number): string {
  const received = FIRST + Math.floor((index / count) * SPAN_MINUTES) * MINUTE;
  const completed = received + (60 + (index % 4000)) * MINUTE;
  return [
    `R-${String(index).padStart(8, '0')}`,
    branchCode(index % BRANCHES),
    'repair',
    ['hotline', 'web', 'front-desk'][index % 3],
    `category-${index % CATEGORIES}`,
    `Category ${index % CATEGORIES}`,
    `"Water drips from the kitchen ceiling, no. ${index}; the neighbour above is not at home. 厨房天花板漏水。"`,
    '王晓梅',
    '+86 21 5555 0100',
    `"Tower ${index % 50}, ${index % 3000}"`,
    new Date(received).toISOString(),
    new Date(completed).toISOString(),
  ].join(',');
}

/** Writes a file of closed repairs of 40 branches. */
export async function writeTicketFile(file: string, count: number): Promise<void> {
  const out = createWriteStream(file);
  out.write(`${HEADER}\n`);
  for (let at = 0; at < count; at += LINES_AT_ONCE) {
    const size = Math.min(LINES_AT_ONCE, count - at);
    const text = Array.from({ length: size }, (_, i) => `${line(at + i, count)}\n`).join('');
    if (!out.write(text)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'finish');
}
