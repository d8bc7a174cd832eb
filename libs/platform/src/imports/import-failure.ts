/** Why a job cannot go on at all. `detail` is a sentence for the person who sent the file. */
export type FailureText = Readonly<{
  code: string;
  detail: string;
  params?: Readonly<Record<string, unknown>>;
}>;

/** Ends the job: nothing of the file can be read, or nothing more of it. */
export class ImportFailure extends Error {
  override readonly name = 'ImportFailure';
  readonly code: string;
  readonly detail: string;
  readonly params?: Readonly<Record<string, unknown>>;

  constructor({ code, detail, params }: FailureText) {
    super(`${code}: ${detail}`);
    this.code = code;
    this.detail = detail;
    if (params) this.params = params;
  }
}

/** The failure as plain data, for a message between threads or the job's row. */
export const failureText = ({ code, detail, params }: ImportFailure): FailureText =>
  params ? { code, detail, params } : { code, detail };
