import { pinyin as syllables } from 'pinyin-pro';

/** The pinyin of a text without tones and spaces; what is not Chinese stays as it is. */
export const pinyin = (text: string): string =>
  syllables(text, { toneType: 'none', type: 'array', v: true }).join('').toLowerCase();
