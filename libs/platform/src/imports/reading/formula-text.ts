const FORMULA_START = /^[=@+\-\t\r]/;
const NUMBER_LIKE = /^[+-][\d\s.,()/:%-]*(?:[eE][+-]?\d+)?$/;

/**
 * Whether a spreadsheet program would take a text for a formula. Numbers, phone numbers and lone signs after `+` or `-`
 * are not.
 */
export const looksLikeFormula = (text: string): boolean =>
  FORMULA_START.test(text) && !NUMBER_LIKE.test(text);
