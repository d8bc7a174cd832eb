// A partner's system: answers every webhook at once and notes when its request arrived.
import { createServer } from 'node:http';
import { moment } from './order.js';

let arrived: Record<string, string> = {};

const server = createServer((request, response) => {
  const at = moment();
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', () => {
    const { aggregateId } = JSON.parse(Buffer.concat(parts).toString()) as { aggregateId: string };
    // a repeat changes nothing: the first arrival counts
    arrived[aggregateId] ??= at;
    response.writeHead(204).end();
  });
});

process.on('message', (message: Readonly<{ take?: true }> | string) => {
  if (typeof message === 'string') return;
  if (message.take) {
    process.send!({ arrived });
    arrived = {};
  } else process.send!({ count: Object.keys(arrived).length });
});
process.channel?.ref();
server.listen(Number(process.env['PORT']), '127.0.0.1', () => process.send!({ ready: true }));
