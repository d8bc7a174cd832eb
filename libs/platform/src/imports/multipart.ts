import multipart from '@fastify/multipart';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { invalid } from '@steward/kernel';
import type { UploadPart } from './upload-receiver.js';

const FIELD_BYTES = 1024 * 1024;
const FIELD_NAME = 100;
const FIELDS = 20;

/** Lets a service's routes take multipart bodies with one large file. Must be called before the server is ready. */
export function acceptMultipart(fastify: FastifyInstance, maxFileBytes: number): void {
  const limits = {
    fileSize: maxFileBytes,
    files: 1,
    fields: FIELDS,
    fieldSize: FIELD_BYTES,
    parts: FIELDS + 1,
  };
  void fastify.register(multipart, { limits, throwFileSizeLimit: false });
}

/** The parts of a request in order; a file's content is read as fast as it is taken. Throws `import.broken-upload`. */
export async function* multipartParts(request: FastifyRequest): AsyncGenerator<UploadPart> {
  for await (const part of whole(request.parts())) {
    if (part.fieldname.length > FIELD_NAME)
      throw invalid('import.field-too-large', 'The name of a field is too long.');
    if (part.type === 'file') {
      const { file } = part;
      yield { type: 'file', fileName: part.filename, content: whole(file), wasCut: () => file.truncated };
    } else {
      if (part.valueTruncated || part.fieldnameTruncated) {
        throw invalid('import.field-too-large', `The field ${part.fieldname} is too long.`);
      }
      yield { type: 'field', name: part.fieldname, value: textOf(part.value) };
    }
  }
}

/** The same items; a body that is no multipart, or ends in the middle, is the sender's fault. */
async function* whole<T>(items: AsyncIterable<T>): AsyncGenerator<T> {
  try {
    yield* items;
  } catch (error) {
    // The plugin's own refusals (too many parts) carry their status.
    if (error instanceof Error && 'statusCode' in error) throw error;
    throw invalid('import.broken-upload', 'The upload is no whole multipart body.');
  }
}

/** A field with the type JSON comes parsed; everything else is text. */
const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
